namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Who signed a request.</summary>
internal sealed record CallerIdentity(string Account, string Arn);
