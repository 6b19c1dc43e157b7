using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Checks;

/// <summary>Judges what was read about the account. Pure: what is missing, what that keeps from working, and the exact remedy.</summary>
internal static class AccountChecks
{
    /// <summary>The versions the catalog reads and privileges here were written for.</summary>
    private const int OldestVersion = 13, NewestVersion = 18;

    private const int NamedDatabases = 5;

    /// <summary>The checks of the server and the account.</summary>
    public static IEnumerable<Check> OfAccount(AccountRow account, int version, TlsMode tls, bool isBehindPooler)
    {
        yield return new Check("login", CheckStatus.Passed, $"logged in as {account.Name}, PostgreSQL {account.ServerVersion}");
        yield return version switch
        {
            < OldestVersion => new Check("server version", CheckStatus.Failed, $"{version}", $"PostgreSQL {OldestVersion} or later is needed"),
            > NewestVersion => new Check("server version", CheckStatus.Warning, $"{version}", $"Sluice is tested with {OldestVersion} to {NewestVersion}"),
            _ => new Check("server version", CheckStatus.Passed, $"{version}"),
        };
        yield return tls switch
        {
            TlsMode.Require => new Check("TLS", CheckStatus.Warning, "encrypted, but the server's identity is not proven", "Use sslMode verify-full"),
            TlsMode.Disable => new Check("TLS", CheckStatus.Warning, "not encrypted; the server is on this machine", "Use sslMode verify-full"),
            _ => new Check("TLS", CheckStatus.Passed, tls.Name()),
        };
        yield return account.IsSuperuser
            ? new Check("least privilege", CheckStatus.Warning, "superuser",
                "The account works, but may do more than Sluice needs. Make one with POST /integrations/scripts/create, type PostgreSQL")
            : new Check("least privilege", CheckStatus.Passed, "no superuser");
        yield return account.MayCreateRoles || account.IsSuperuser
            ? new Check("CREATEROLE", CheckStatus.Passed, "granted")
            : new Check("CREATEROLE", CheckStatus.Warning, "missing",
                $"Sluice can crawl, but not make the roles by which it grants access. Remedy: ALTER ROLE {Quote.Identifier(account.Name)} CREATEROLE");
        yield return account.IsStandby
            ? new Check("writable server", CheckStatus.Warning, "standby", "Nothing can be granted on a standby: register the primary")
            : new Check("writable server", CheckStatus.Passed, "primary");
        yield return isBehindPooler
            ? new Check("direct connection", CheckStatus.Warning, "a pooler answers in the server's name",
                "People who share the pooler's login can't be told apart by policies: they must log in to PostgreSQL as themselves")
            : new Check("direct connection", CheckStatus.Passed, "no pooler seen");
        yield return account.MayReadSystemIdentifier
            ? new Check("system identifier", CheckStatus.Passed, "readable")
            : new Check("system identifier", CheckStatus.Warning, "not readable",
                "The server is told from others by host and port alone. "
                + $"Remedy: GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO {Quote.Identifier(account.Name)}");
    }

    /// <summary>The checks of each database's privileges.</summary>
    public static IEnumerable<Check> OfDatabases(string account, IEnumerable<DatabasePrivileges> databases)
    {
        foreach (var database in databases)
        {
            if (!database.Connect)
            {
                yield return new Check($"CONNECT on database {database.Name}", CheckStatus.Warning, "missing",
                    $"It is listed and not entered. Remedy: GRANT CONNECT ON DATABASE {Quote.Identifier(database.Name)} TO {Quote.Identifier(account)}");
            }

            yield return database.Create
                ? new Check($"CREATE on database {database.Name}", CheckStatus.Passed, "granted")
                : new Check($"CREATE on database {database.Name}", CheckStatus.Warning, "missing",
                    "Sluice can't keep its schema there, which row rules need. "
                    + $"Remedy: GRANT CREATE ON DATABASE {Quote.Identifier(database.Name)} TO {Quote.Identifier(account)}");
        }
    }

    /// <summary>One check for each role that owns tables, over all databases; and of Sluice's schema where someone else has it.</summary>
    public static IEnumerable<Check> OfOwners(string account, int version, IReadOnlyList<DatabaseOwners> databases)
    {
        foreach (var database in databases.Where(d => d.Unread is not null))
            yield return new Check($"owner roles in database {database.Database}", CheckStatus.Skipped, "not read", database.Unread);

        var byRole = databases
            .SelectMany(d => d.Owners, (d, owner) => (d.Database, Owner: owner))
            .GroupBy(o => o.Owner.Role, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var role in byRole)
        {
            var owner = role.First().Owner;
            var owns = $"owns {role.Sum(o => o.Owner.Tables)} tables in {Listed([.. role.Select(o => o.Database)])}";
            yield return owner.MayActAs
                ? new Check($"owner role {role.Key}", CheckStatus.Passed, $"the account can act as it; it {owns}")
                : new Check($"owner role {role.Key}", CheckStatus.Warning, $"the account can't act as it; it {owns}", OwnerRemedy(account, version, owner));
        }

        foreach (var database in databases.Where(d => d.OwnSchema is { MayActAs: false }))
        {
            yield return new Check($"schema sluice in database {database.Database}", CheckStatus.Warning, $"owned by {database.OwnSchema!.Owner}",
                $"Sluice can't use a schema of another owner. Remedy: ALTER SCHEMA sluice OWNER TO {Quote.Identifier(account)}");
        }
    }

    private static string OwnerRemedy(string account, int version, OwnerRow owner) => owner.IsSuperuser
        ? "Sluice can't grant on its tables. It is a superuser, and whoever is a member of it could become one: give the tables another owner "
          + "(ALTER TABLE … OWNER TO …) and make the account a member of that"
        : $"Sluice can't grant on its tables. Remedy: GRANT {Quote.Identifier(owner.Role)} TO {Quote.Identifier(account)}{(version >= 16 ? " WITH SET TRUE" : "")}";

    private static string Listed(IReadOnlyList<string> names) => names.Count <= NamedDatabases
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamedDatabases))} and {names.Count - NamedDatabases} more databases";
}
