using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Who a role is granted to.</summary>
/// <param name="Users">Users, by name.</param>
/// <param name="Roles">Roles of the account, and of a database role those of its database.</param>
internal sealed record Holders(IReadOnlyList<string> Users, IReadOnlyList<RoleName> Roles);

/// <summary>Whom a role reaches, by itself or by other roles.</summary>
/// <param name="Users">Users, each with the nearest way: the roles between, from the user's own to it.</param>
/// <param name="Everybody">The way by which everybody holds it; null where there is none.</param>
internal sealed record RoleReach(IReadOnlyDictionary<string, string> Users, string? Everybody);

/// <summary>A role, or a database role, as something is granted to it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Database">Of a database role; null for a role of the account.</param>
internal readonly record struct RoleName(string Name, string? Database = null)
{
    /// <summary>As it stands in a statement, with its kind.</summary>
    public string Sql => Database is { } database ? $"DATABASE ROLE {Quote.Path(database, Name)}" : $"ROLE {Quote.Identifier(Name)}";

    /// <summary>As people read it.</summary>
    public override string ToString() => Database is { } database ? $"database role {database}.{Name}" : $"role {Name}";
}

/// <summary>Who holds roles, each asked for once: it is kept for one observation.</summary>
/// <param name="statements">Runs under a role that may see the grants of all.</param>
/// <param name="mostRows">The most rows that SHOW returns: a list of so many may be cut, and then nothing is said of it.</param>
internal sealed class RoleHolders(StatementClient statements, int mostRows)
{
    /// <summary>The role that everybody holds.</summary>
    public const string Everybody = "PUBLIC";

    // Roles may be granted to roles without end.
    private const int MostSteps = 100;

    private readonly Dictionary<RoleName, Task<Holders>> _asked = [];
    private readonly Lock _lock = new();

    /// <summary>Those a role is granted to.</summary>
    public Task<Holders> OfAsync(RoleName role, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_asked.TryGetValue(role, out var holders)) _asked[role] = holders = ReadAsync(role, cancellationToken);
            return holders;
        }
    }

    /// <summary>Whom a role reaches.</summary>
    public async Task<RoleReach> ReachAsync(RoleName role, CancellationToken cancellationToken)
    {
        string? everybody = null;
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<RoleName> { role };
        var reached = new Queue<(RoleName Role, string Way, int Steps)>();
        reached.Enqueue((role, $"{role}", 0));
        while (reached.TryDequeue(out var next))
        {
            if (next.Role is { Database: null, Name: Everybody }) everybody ??= next.Way;
            var holders = await OfAsync(next.Role, cancellationToken);
            foreach (var user in holders.Users) users.TryAdd(user, next.Way);
            if (next.Steps == MostSteps) continue;
            foreach (var above in holders.Roles.Where(seen.Add)) reached.Enqueue((above, $"{above}, which has {next.Way}", next.Steps + 1));
        }

        return new RoleReach(users, everybody);
    }

    private async Task<Holders> ReadAsync(RoleName role, CancellationToken cancellationToken)
    {
        // Nobody can list those who hold it, and there is no need to.
        if (role is { Database: null, Name: Everybody }) return new Holders([], []);
        using var result = await statements.RunAsync(new Statement($"SHOW GRANTS OF {role.Sql}"), cancellationToken);
        var (to, grantee) = (result.Column("granted_to"), result.Column("grantee_name"));
        var (users, roles) = (new List<string>(), new List<RoleName>());
        var count = 0;
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (++count == mostRows)
                throw new PlatformException(PlatformFailure.Refused, $"{role} is granted to {mostRows} users and roles or more, and Snowflake lists no more of them: who holds it can't be told.");
            if (row[grantee] is not { } shown) continue;
            switch (row[to])
            {
                case "USER": users.Add(NameOf(shown)); break;
                case "ROLE": roles.Add(new RoleName(NameOf(shown))); break;
                // One of the same database (https://docs.snowflake.com/en/sql-reference/sql/grant-database-role).
                case "DATABASE_ROLE" when role.Database is { } database: roles.Add(new RoleName(OfDatabase(shown, database), database)); break;
            }
        }

        return new Holders(users, roles);
    }

    /// <summary>The name of a database role as it is shown: with its database or without.</summary>
    public static string OfDatabase(string shown, string database)
    {
        var with = ((string[])[$"{database}.", $"{Quote.Identifier(database)}."]).FirstOrDefault(p => shown.StartsWith(p, StringComparison.Ordinal));
        return NameOf(shown[(with?.Length ?? 0)..]);
    }

    /// <summary>A name as SHOW spells it: in quotes where SQL would have to quote it, else as it stands.</summary>
    public static string NameOf(string shown) => shown is ['"', .., '"'] && SnowflakeName.Parse(shown, out _) is { } name ? name.Text : shown;
}
