using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.Sandbox.Snowflake;

/// <summary>What a sandbox is started with. Everything has a default: an empty value is a working demo account.</summary>
public sealed record SnowflakeSandboxOptions
{
    /// <summary>CURRENT_ACCOUNT(): the account locator.</summary>
    public string AccountLocator { get; init; } = "XY12345";

    /// <summary>CURRENT_ORGANIZATION_NAME().</summary>
    public string OrganizationName { get; init; } = "ACME";

    /// <summary>CURRENT_ACCOUNT_NAME().</summary>
    public string AccountName { get; init; } = "LOCAL";

    /// <summary>CURRENT_REGION().</summary>
    public string Region { get; init; } = "AWS_EU_CENTRAL_1";

    /// <summary>The edition.</summary>
    public SnowflakeEdition Edition { get; init; } = SnowflakeEdition.Enterprise;

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The catalog served: the hand-made demo, a generated one or none.</summary>
    public SnowflakeSandboxCatalog Catalog { get; init; } = SnowflakeSandboxCatalog.Demo;

    /// <summary>Users beside the standard cast of <see cref="SnowflakeSandbox.AdministratorName"/> and <see cref="SnowflakeSandbox.ServiceName"/>; one of the same name replaces it.</summary>
    public IReadOnlyList<SnowflakeSandboxUser> Users { get; init; } = [];

    /// <summary>Statements run at the start and at every reset, after catalog and users, by a role nothing is refused.</summary>
    public IReadOnlyList<string> Setup { get; init; } = [];

    /// <summary>External OAuth integrations beside the one for the sandbox's own authority.</summary>
    public IReadOnlyList<SnowflakeSandboxOAuth> OAuth { get; init; } = [];

    /// <summary>Clients of the sandbox's own OAuth authority.</summary>
    public IReadOnlyList<SnowflakeSandboxOAuthClient> OAuthClients { get; init; } = [];

    /// <summary>The faults in force from the start; see <see cref="SnowflakeSandbox.SetFaults"/>.</summary>
    public IReadOnlyList<SnowflakeSandboxFault> Faults { get; init; } = [];

    /// <summary>Seeds jitter and fault rates, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a session token lives: an hour at Snowflake.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a master token lives: four hours at Snowflake.</summary>
    public TimeSpan MasterLifetime { get; init; } = TimeSpan.FromHours(4);

    /// <summary>A statement that takes longer is answered "in progress", to be asked for again: 45 seconds at Snowflake; zero answers so at once.</summary>
    public TimeSpan AsyncAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Rows beyond this many bytes of JSON leave the answer for chunks.</summary>
    public int InlineBytes { get; init; } = 100_000;

    /// <summary>The size of a chunk, in bytes of JSON before compression.</summary>
    public int ChunkBytes { get; init; } = 2_000_000;

    /// <summary>The most rows a SHOW command answers.</summary>
    public int ShowCap { get; init; } = 10_000;

    /// <summary>INFORMATION_SCHEMA relations of more rows are refused with error 090030; null refuses none.</summary>
    public int? InformationSchemaRowLimit { get; init; }

    /// <summary>How old a change is before SNOWFLAKE.ACCOUNT_USAGE shows it: up to 120 minutes at Snowflake.</summary>
    public TimeSpan AccountUsageLag { get; init; }

    /// <summary>
    /// How much longer than <see cref="AccountUsageLag"/> a row of QUERY_HISTORY or ACCESS_HISTORY may take, each its own time: rows appear out
    /// of order. ACCESS_HISTORY may lag 180 minutes at Snowflake.
    /// </summary>
    public TimeSpan AccountUsageJitter { get; init; }

    /// <summary>
    /// Of tables with more rows Time Travel keeps nothing: each change copies what was before it. At Snowflake a table's size is no limit.
    /// </summary>
    public int TimeTravelRowLimit { get; init; } = 2_000;

    /// <summary>Keeps the answers of INFORMATION_SCHEMA and SHOW statements until something changes; for benchmarks.</summary>
    public bool KeepAnswers { get; init; }

    /// <summary>The clock by which sessions and tokens age.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
