using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks;

/// <summary>What the operator of this server decides about Databricks, and the limits of the client.</summary>
public sealed record DatabricksOptions
{
    /// <summary>How calls of a crawl are retried. Calls a person waits for always use <see cref="RetryPolicy.Interactive"/>.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Background;

    /// <summary>Requests to one workspace at once, at most. Default 20: beyond it Databricks refuses.</summary>
    public int MostRequests { get; init; } = 20;

    /// <summary>Tables that a crawl lists at once through the information schema, before it reads what is in them. Default 20,000, some 400 bytes each.</summary>
    public int TablesListed { get; init; } = 20_000;

    /// <summary>Rows of one statement on a warehouse. Default 50,000: at a few hundred bytes a row below the 25 MiB that a result may have inline.</summary>
    public int WarehouseRows { get; init; } = 50_000;

    /// <summary>Rows of one command on a cluster. Default 1,000: the table that a command shows ends there.</summary>
    public int ClusterRows { get; init; } = 1000;

    /// <summary>Schemas in one statement's list. Default 200.</summary>
    public int SchemasPerStatement { get; init; } = 200;

    /// <summary>Schemas whose tables are listed at the same time. Default 8.</summary>
    public int SchemasAhead { get; init; } = 8;

    /// <summary>Pages that are read before they are asked for. Default 1.</summary>
    public int PagesAhead { get; init; } = 1;

    /// <summary>How many pages one listing may have before it counts as endless. Default 100,000.</summary>
    public int PagesOfListing { get; init; } = 100_000;

    /// <summary>The largest answer that is read, in bytes. Default 64 MiB.</summary>
    public int AnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a call waits for its statement before it is polled; whole seconds from 5 to 50. Default 20 s.</summary>
    public TimeSpan StatementWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a statement of a crawl may take, the start of a stopped warehouse included. Default 10 min.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a check waits for the warehouse. Default 20 s: a stopped one is then said to be starting.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest pause between two looks at a running statement. Default 5 s.</summary>
    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Principals in one change of a securable's permissions. Default 500.</summary>
    public int PrincipalsPerChange { get; init; } = 500;

    /// <summary>Members in one change of an account group. Default 100: no number is documented.</summary>
    public int MembersPerChange { get; init; } = 100;

    /// <summary>Changes of account groups at once. Default 2: an account takes about two changes of members a second.</summary>
    public int GroupWritesAtOnce { get; init; } = 2;

    /// <summary>People whose ids are asked for one by one; of more all are listed. Default 20.</summary>
    public int PeopleAskedSingly { get; init; } = 20;

    /// <summary>Groups that an account may have (https://docs.databricks.com/aws/en/resources/limits). Default 5,000.</summary>
    public int GroupsOfAccount { get; init; } = 5000;

    /// <summary>Rows that one statement writes about people. Default 2,000.</summary>
    public int RowsPerStatement { get; init; } = 2000;

    /// <summary>Statements of an apply at once. Default 8.</summary>
    public int StatementsAtOnce { get; init; } = 8;

    /// <summary>Catalogs whose privileges the checks look at one by one. Default 50.</summary>
    public int CheckedCatalogs { get; init; } = 50;
}
