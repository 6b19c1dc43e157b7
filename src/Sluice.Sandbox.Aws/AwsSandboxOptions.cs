using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws;

/// <summary>What a sandbox is started with. Everything has a default: an empty value is a working demo account.</summary>
public sealed record AwsSandboxOptions
{
    /// <summary>The twelve digits of the account that owns the Data Catalog.</summary>
    public string AccountId { get; init; } = "123456789012";

    /// <summary>The one region the sandbox answers for; a signature scoped to another is refused.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The catalog served: the hand-made demo or a generated one.</summary>
    public AwsSandboxCatalog Catalog { get; init; } = AwsSandboxCatalog.Demo;

    /// <summary>Users and roles beside the standard cast of <see cref="SandboxCast"/>; one of the same name replaces it.</summary>
    public IReadOnlyList<SandboxPrincipal> Principals { get; init; } = [];

    /// <summary>The IAM actions of the service principal (user and role): by default exactly the 17 documented ones.</summary>
    public IReadOnlyList<string> ServiceActions { get; init; } = SandboxCast.DocumentedActions;

    /// <summary>What Lake Formation grants the service principal.</summary>
    public ServiceGrants ServiceGrants { get; init; } = ServiceGrants.LFTag;

    /// <summary>The sts:ExternalId that the service role's trust policy asks for; null asks for none.</summary>
    public string? ExternalId { get; init; } = "sluice-sandbox-external-id";

    /// <summary>The faults in force from the start; see <see cref="AwsSandbox.SetFaults"/>.</summary>
    public IReadOnlyList<AwsSandboxFault> Faults { get; init; } = [];

    /// <summary>Seeds jitter and fault rates, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Renders every GetTables page to a temporary file before the sandbox answers; for benchmarks.</summary>
    public bool PreRenderPages { get; init; }

    /// <summary>How long a NextToken lives; null keeps it for ever.</summary>
    public TimeSpan? PageTokenLifetime { get; init; }

    /// <summary>
    /// SearchTablesByLFTags answers the tags in force on each level, inherited ones included, as AWS's published example does.
    /// The API reference says "assigned"; with false only those are answered. A client must come to the same result with either.
    /// </summary>
    public bool SearchShowsInheritedTags { get; init; } = true;

    /// <summary>The clock by which signatures, sessions and tokens age.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
