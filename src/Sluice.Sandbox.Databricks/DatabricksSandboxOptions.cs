using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks;

/// <summary>What a sandbox is started with. Everything has a default: an empty value is a working demo workspace.</summary>
public sealed record DatabricksSandboxOptions
{
    /// <summary>The id of the account, in the paths of its SCIM and token endpoints.</summary>
    public string AccountId { get; init; } = "0d26daa6-5e44-4c97-a497-ef015f91254a";

    /// <summary>The numeric id of the workspace.</summary>
    public string WorkspaceId { get; init; } = "2371490012345678";

    /// <summary>
    /// Further workspaces of the metastore, at the same address: a request is of the one that its header X-Databricks-Org-Id names. Only the system tables tell them apart.
    /// </summary>
    public IReadOnlyList<string> OtherWorkspaces { get; init; } = [];

    /// <summary>The id of the metastore the workspace is attached to.</summary>
    public string MetastoreId { get; init; } = "6e2c2f1b-6f0a-4a3f-9a42-0f4a6e1c7d55";

    /// <summary>The metastore's region.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The SQL warehouse's id.</summary>
    public string WarehouseId { get; init; } = "0d9f1b7c5a3e2468";

    /// <summary>The cluster's id.</summary>
    public string ClusterId { get; init; } = "0504-120000-sluice01";

    /// <summary>Speaks HTTPS, with a certificate of the sandbox's own making: <see cref="DatabricksSandbox.CertificatePem"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The catalogs served: the hand-made demo or generated ones.</summary>
    public DatabricksSandboxCatalog Catalog { get; init; } = DatabricksSandboxCatalog.Demo;

    /// <summary>The schemas of the system catalog that are enabled at first; others can be enabled, and tell of nothing until then.</summary>
    public IReadOnlyList<string> SystemSchemas { get; init; } = ["access", "query"];

    /// <summary>Principals beside the standard cast of <see cref="SandboxCast"/>; one of the same name replaces it.</summary>
    public IReadOnlyList<SandboxPrincipal> Principals { get; init; } = [];

    /// <summary>What Unity Catalog grants the service principal.</summary>
    public ServiceGrants ServiceGrants { get; init; } = ServiceGrants.Manage;

    /// <summary>The faults in force from the start; see <see cref="DatabricksSandbox.SetFaults"/>.</summary>
    public IReadOnlyList<DatabricksSandboxFault> Faults { get; init; } = [];

    /// <summary>Seeds jitter and fault rates, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long an OAuth access token lives: an hour, as documented.</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The status an expired OAuth token is answered with: 403 by most reports, 401 by others.</summary>
    public int ExpiredTokenStatus { get; init; } = 403;

    /// <summary>How long a page_token lives; null keeps it for ever.</summary>
    public TimeSpan? PageTokenLifetime { get; init; }

    /// <summary>The longest page of a tables list: 50, as the service has it.</summary>
    public int LargestTablePage { get; init; } = 50;

    /// <summary>The seconds of a Retry-After header.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>What the warehouse is at first; see <see cref="DatabricksSandbox.SetWarehouse"/>.</summary>
    public SandboxComputeState WarehouseState { get; init; }

    /// <summary>How long a stopped warehouse takes to start; statements are PENDING until then.</summary>
    public TimeSpan WarehouseStartDelay { get; init; }

    /// <summary>What the cluster is at first; see <see cref="DatabricksSandbox.SetCluster"/>.</summary>
    public SandboxComputeState ClusterState { get; init; }

    /// <summary>How long a terminated cluster takes to start once it was told to.</summary>
    public TimeSpan ClusterStartDelay { get; init; }

    /// <summary>Each statement stays PENDING for this many polls before it runs.</summary>
    public int StatementPendingPolls { get; init; }

    /// <summary>How many requests are served at once; more are answered 429. Null serves all.</summary>
    public int? RequestsAtOnce { get; init; }

    /// <summary>
    /// Answers 429 to what comes faster than the account's SCIM API takes it: LIST 240 a minute, GET 20 a second, POST, PUT and DELETE 5 and
    /// PATCH 2 a second, as https://docs.databricks.com/aws/en/resources/limits has them.
    /// </summary>
    public bool LimitsAccountScim { get; init; }

    /// <summary>Lists of account groups tell their members, as they do for accounts that relied on it before 2025-08-22.</summary>
    public bool ListsAccountGroupMembers { get; init; }

    /// <summary>How many groups the account holds: 5,000, as documented.</summary>
    public int LargestGroupCount { get; init; } = 5000;

    /// <summary>How many groups one principal is directly in: 1,500, as documented.</summary>
    public int LargestMembershipCount { get; init; } = 1500;

    /// <summary>In how many layers groups are nested: 10, as documented.</summary>
    public int DeepestGroupNesting { get; init; } = 10;

    /// <summary>How many members one SCIM request may name; null, the default, has no limit, for none is documented.</summary>
    public int? MembersPerRequest { get; init; }

    /// <summary>
    /// CREATE OR REPLACE TABLE keeps the row filter and the masks, as its page has it; false takes them away, which a client that protects
    /// tables should survive too.
    /// </summary>
    public bool ReplacedTablesKeepGuards { get; init; } = true;

    /// <summary>UNDROP TABLE brings the row filter and the masks back. Its page names neither: by default they are left behind, so that nobody relies on them.</summary>
    public bool UndroppedTablesKeepGuards { get; init; }

    /// <summary>
    /// information_schema.column_masks and row_filters have the columns of their pages (catalog_name, …, mask_catalog, mask_schema, …). By default they have those
    /// that Databricks' own dbt adapter reads on workspaces: table_catalog, …, mask_name or filter_name as a whole name, using_columns or target_columns.
    /// </summary>
    public bool DocumentedGuardColumns { get; init; }

    /// <summary>How many objects Unity Catalog holds.</summary>
    public SandboxQuotas Quotas { get; init; } = new();

    /// <summary>How many statements and commands run at once; more wait as PENDING or Queued.</summary>
    public int ConcurrencyLimit { get; init; } = 20;

    /// <summary>The largest result of a statement with INLINE disposition, in bytes: 25 MiB, as documented.</summary>
    public long InlineByteLimit { get; init; } = 26_214_400;

    /// <summary>Where a result of a statement with EXTERNAL_LINKS disposition is cut unless it says otherwise, in bytes: 8 GiB, where the service has 100.</summary>
    public long ExternalByteLimit { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>How long a statement or command may run before it fails: ten minutes, where the service has two days.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How much memory tables and queries may take, in MiB; queries that need more write to temporary files, or fail.</summary>
    public int EngineMemoryMegabytes { get; init; } = 2048;

    /// <summary>About where a result's chunk ends, in bytes.</summary>
    public int ResultChunkBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long the link to an external result lives: 15 minutes at most, as documented.</summary>
    public TimeSpan ExternalLinkLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a statement's result is kept after it succeeded: an hour, as documented.</summary>
    public TimeSpan ResultLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Answers a repeated query of the same caller from the earlier result while nothing has changed, as the warehouse's own cache
    /// does; for benchmarks, where what is measured is then the client.
    /// </summary>
    public bool ReuseResults { get; init; }

    /// <summary>
    /// How long after an event its rows appear in system.access.audit, table_lineage, column_lineage and system.query.history; null, the default,
    /// records nothing, and the tables hold what <see cref="DatabricksSandbox.Change"/> puts there.
    /// </summary>
    public TimeSpan? SystemTableLag { get; init; }

    /// <summary>By how much longer than <see cref="SystemTableLag"/> a row may take, which makes rows appear out of the order of their events.</summary>
    public TimeSpan SystemTableJitter { get; init; }

    /// <summary>The clock by which tokens, links and results age.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
