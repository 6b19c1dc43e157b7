using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Cli.Demo;

/// <summary>AWS Lake Formation, by its stand-in.</summary>
internal sealed class LakeDemo(AwsSandbox sandbox) : IDemoPlatform
{
    public const string Key = "demo-lake";

    public string Shown => $"AWS account {sandbox.AccountId} ({sandbox.Endpoint} stands in for AWS)";

    public string ConnectionKey => Key;

    /// <summary>Who reads in the demo: IAM users, known to the platform.</summary>
    public static IReadOnlyList<string> Readers { get; } = ["ada", "ben", "cleo", "dan"];

    public ObjectPath Activated { get; } = new(Key, "sales");

    public JsonObject? ScriptRequest => null;

    public static async Task<LakeDemo> StartAsync(CancellationToken cancellationToken) => new(await AwsSandbox.StartAsync(
        new AwsSandboxOptions { Principals = [.. Readers.Select(static r => new SandboxPrincipal { Name = r, Allow = ["glue:Get*"] })] }, cancellationToken));

    /// <summary>A reader's identity on the platform.</summary>
    public string IdentityOf(string reader) => $"arn:aws:iam::{sandbox.AccountId}:user/{reader}";

    /// <summary>What the stand-in lets a reader see of a table; null: it is hidden from them.</summary>
    public IReadOnlyList<string>? ColumnsSeenBy(string reader, string table) => sandbox.ColumnsSeenBy(reader, Activated.Name, table);

    public Task RunScriptAsync(string script, CancellationToken cancellationToken) => throw new InvalidOperationException("Lake Formation needs no script.");

    // The documented payload; endpoints is ours and leads to the stand-in.
    public JsonObject Registration()
    {
        var endpoint = sandbox.Endpoint.ToString();
        return new JsonObject
        {
            ["connectionKey"] = Key,
            ["connection"] = new JsonObject
            {
                ["technology"] = "Glue",
                ["authenticationType"] = "accessKey",
                ["region"] = sandbox.Region,
                ["accountId"] = sandbox.AccountId,
                ["accessKeyId"] = sandbox.Credentials.AccessKeyId,
                ["secretAccessKey"] = sandbox.Credentials.SecretAccessKey,
                ["endpoints"] = new JsonObject { ["glue"] = endpoint, ["lakeformation"] = endpoint, ["sts"] = endpoint },
            },
            ["settings"] = new JsonObject { ["isActive"] = false },
            ["options"] = new JsonObject { ["forceRecursiveCrawl"] = true },
        };
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();
}
