using Sluice.Platforms.PostgreSql.Crawling;
using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Checks;

/// <summary>Judges what was read about the account. Pure: what is missing, what that keeps from working, and the exact remedy.</summary>
internal static class AccountChecks
{
    /// <summary>The versions whose catalogs and privileges the reads here were written for.</summary>
    private const int OldestVersion = 13, NewestVersion = 18;

    private const int NamedDatabases = 5;

    /// <summary>The checks of the server and the account.</summary>
    public static IEnumerable<Check> OfAccount(AccountRow account, int version, TlsMode tls, bool isBehindPooler)
    {
        var role = Quote.Identifier(account.Name);
        yield return Passed("login", $"logged in as {account.Name}, PostgreSQL {account.ServerVersion}");
        yield return OfVersion(version);
        yield return tls switch
        {
            TlsMode.Require => Warning("TLS", "encrypted, but the server's identity is not proven", "Use sslMode verify-full"),
            TlsMode.Disable => Warning("TLS", "not encrypted; the server is on this machine", "Use sslMode verify-full"),
            _ => Passed("TLS", tls.Name()),
        };
        yield return account.IsSuperuser
            ? Warning(
                "least privilege", "superuser",
                "The account works, but may do more than Sluice needs. Make one with POST /integrations/scripts/create, type PostgreSQL")
            : Passed("least privilege", "no superuser");
        yield return account.MayCreateRoles || account.IsSuperuser
            ? Passed("CREATEROLE", "granted")
            : Warning(
                "CREATEROLE", "missing",
                $"Sluice can crawl, but not make the roles by which it grants access. Remedy: ALTER ROLE {role} CREATEROLE");
        yield return account.IsStandby
            ? Warning("writable server", "standby", "Nothing can be granted on a standby: register the primary")
            : Passed("writable server", "primary");
        yield return isBehindPooler
            ? Warning(
                "direct connection", "a pooler answers in the server's name",
                "People who share the pooler's login can't be told apart by policies: they must log in to PostgreSQL as themselves")
            : Passed("direct connection", "no pooler seen");
        yield return account.MayReadSystemIdentifier
            ? Passed("system identifier", "readable")
            : Warning(
                "system identifier", "not readable",
                "The server is told from others by host and port alone. "
                + $"Remedy: GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO {role}");
    }

    /// <summary>The checks of each database's privileges.</summary>
    public static IEnumerable<Check> OfDatabases(string account, IEnumerable<DatabasePrivileges> databases)
    {
        var role = Quote.Identifier(account);
        foreach (var database in databases)
        {
            if (!database.Name.IsExact)
            {
                yield return Warning(
                    $"name of database {database.Name}", "not UTF-8",
                    "It can't be named, so it is not listed. Rename it (ALTER DATABASE … RENAME TO …)");
                continue;
            }

            var name = Quote.Identifier(database.Name.Text);
            if (!database.Connect)
            {
                yield return Warning(
                    $"CONNECT on database {database.Name}", "missing",
                    $"It is listed and not entered. Remedy: GRANT CONNECT ON DATABASE {name} TO {role}");
            }

            yield return database.Create
                ? Passed($"CREATE on database {database.Name}", "granted")
                : Warning(
                    $"CREATE on database {database.Name}", "missing",
                    $"Sluice can't keep its schema there, which row rules need. Remedy: GRANT CREATE ON DATABASE {name} TO {role}");
        }
    }

    /// <summary>One check for each role that owns tables, over all databases; and of Sluice's schema where someone else has it.</summary>
    public static IEnumerable<Check> OfOwners(string account, int version, IReadOnlyList<DatabaseOwners> databases)
    {
        foreach (var database in databases.Where(d => d.Unread is not null))
            yield return new Check($"owner roles in database {database.Database}", CheckStatus.Skipped, "not read", database.Unread);

        var byRole = databases
            .SelectMany(d => d.Owners, (d, owner) => (d.Database, Owner: owner))
            .GroupBy(o => o.Owner.Role.Text, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var role in byRole)
        {
            var owner = role.First().Owner;
            var name = $"owner role {role.Key}";
            var owns = $"owns {role.Sum(o => o.Owner.Tables)} tables in {Listed([.. role.Select(o => o.Database)])}";
            yield return owner.MayActAs
                ? Passed(name, $"the account can act as it; it {owns}")
                : Warning(name, $"the account can't act as it; it {owns}", $"Sluice can't grant on its tables. {OwnerRemedy.Of(account, version, owner.Role, owner.IsSuperuser)}");
        }

        foreach (var database in databases.Where(d => d.OwnSchema is { MayActAs: false }))
        {
            yield return Warning(
                $"schema sluice in database {database.Database}", $"owned by {database.OwnSchema!.Owner}",
                $"Sluice can't use a schema of another owner. Remedy: ALTER SCHEMA sluice OWNER TO {Quote.Identifier(account)}");
        }
    }

    private static Check OfVersion(int version) => version switch
    {
        < OldestVersion => new Check("server version", CheckStatus.Failed, $"{version}", $"PostgreSQL {OldestVersion} or later is needed"),
        > NewestVersion => Warning("server version", $"{version}", $"Sluice was written for {OldestVersion} to {NewestVersion}"),
        _ => Passed("server version", $"{version}"),
    };

    private static string Listed(IReadOnlyList<string> names) => names.Count <= NamedDatabases
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamedDatabases))} and {names.Count - NamedDatabases} more databases";

    private static Check Passed(string name, string result) => new(name, CheckStatus.Passed, result);

    private static Check Warning(string name, string result, string message) => new(name, CheckStatus.Warning, result, message);
}
