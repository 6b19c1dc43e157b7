using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>What Sluice can govern in a database of each kind (Snowflake documentation, "SHOW DATABASES", "Data consumers", "Native Apps").</summary>
internal static class DatabaseKinds
{
    /// <summary>Why a database is left out of the crawl; null when it is part of it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="own">The database that Sluice itself manages.</param>
    public static string? LeftOut(DatabaseRow database, string own) => database.Name switch
    {
        "SNOWFLAKE" => "Database SNOWFLAKE is left out: it is the account's own, and nothing in it can be governed.",
        _ when database.Name == own => $"Database {own} is left out: it is Sluice's own.",
        _ when Sql.Quote.NameProblem(database.Name) is { } problem => $"A database is left out: its name {problem}.",
        _ => database.Kind switch
        {
            "APPLICATION" => $"Database {database.Name} is left out: it is an application, whose own roles decide access.",
            "APPLICATION PACKAGE" or "APPLICATION_PACKAGE" => $"Database {database.Name} is left out: it is an application package, not data that people read.",
            "PERSONAL DATABASE" => $"Database {database.Name} is left out: it is one user's personal database.",
            _ => null,
        },
    };

    /// <summary>Whether grants of ours would be honoured in it, and why not.</summary>
    public static (Governance Governance, string? Reason) GovernanceOf(DatabaseRow database) => database switch
    {
        { Kind: "IMPORTED DATABASE" } or { Origin.Length: > 0 } => (
            Governance.Ungoverned,
            "Made from a share: its objects can't be granted or masked one by one, only IMPORTED PRIVILEGES on the whole database. The share's provider decides what is in it."),
        { Kind: "" or "STANDARD" } => (Governance.Governed, null),
        _ => (Governance.Unknown, $"A database of kind {database.Kind}, of which Sluice does not know whether grants of its own have effect."),
    };
}
