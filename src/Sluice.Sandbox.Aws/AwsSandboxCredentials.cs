namespace Sluice.Sandbox.Aws;

/// <summary>A long-term access key of a sandbox user.</summary>
/// <param name="AccessKeyId">Begins with AKIA.</param>
/// <param name="SecretAccessKey">Forty characters; worth nothing outside the sandbox.</param>
public sealed record AwsSandboxCredentials(string AccessKeyId, string SecretAccessKey);
