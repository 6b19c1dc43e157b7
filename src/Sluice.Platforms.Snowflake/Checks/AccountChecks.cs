using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Checks;

/// <summary>Judges what was read about the account. Pure: what is missing, what that keeps from working, and the GRANT that would mend it.</summary>
internal sealed class AccountChecks(SnowflakeConnection connection, IntegrationSettings settings, InstanceMark mark)
{
    private const int NamedDatabases = 5;

    private static readonly string[] TableKindsOfGrants =
        ["TABLE", "VIEW", "MATERIALIZED VIEW", "EXTERNAL TABLE", "EVENT TABLE", "DYNAMIC TABLE", "ICEBERG TABLE"];

    private readonly SnowflakeName _warehouse = SnowflakeName.Stored(connection.Warehouse);
    private readonly SnowflakeName _role = SnowflakeName.Stored(connection.Role);
    private readonly SnowflakeName _systemRole = settings.SystemRole;
    private readonly SnowflakeName _database = settings.DatabaseName;

    /// <summary>The checks of the connection's role.</summary>
    public IEnumerable<Check> OfCrawler(CrawlerFacts facts)
    {
        yield return Passed("login", $"logged in as {facts.Session.User} with role {facts.Session.Role}, Snowflake {facts.Session.Version}");
        if (connection.AuthenticationType == AuthenticationTypes.UserPassword)
        {
            yield return Warning(
                "sign-in", "a password",
                "Snowflake ends single-factor passwords: put a programmatic access token in the password's place before it does, or use keyPair");
        }

        yield return OfWarehouse(facts);
        yield return OfDatabases(facts);
        if (facts.Grants.Unread is { } unread)
        {
            yield return new Check("privileges of the role", CheckStatus.Skipped, "not read", unread);
            yield break;
        }

        yield return OfObjects(facts.Grants, "USAGE", "schemas", ["SCHEMA"], "Nothing in them is found.");
        yield return OfObjects(facts.Grants, "REFERENCES", "tables and views", TableKindsOfGrants, "Tables without it are found only if another privilege shows them.");
        yield return OfObjects(facts.Grants, "SELECT", "tables and views", TableKindsOfGrants, "It is optional: Sluice can't look at samples of the data.");
    }

    /// <summary>The checks of the system role.</summary>
    public IEnumerable<Check> OfSystem(SystemFacts facts)
    {
        if (facts.Refusal is { } refusal)
        {
            yield return Failed("system role", $"{_systemRole} can't be used", $"{refusal.Message} {RemedyOfRole()}");
            yield return new Check("privileges of the system role", CheckStatus.Skipped, "not read", "Nobody can ask under a role that can't be used");
            yield break;
        }

        yield return mark.OwnerOf(facts.RoleComment) == MarkOwner.ThisInstance
            ? Passed("system role", $"the user has {_systemRole}")
            : Failed(
                "system role", NotOurs(_systemRole, facts.RoleComment),
                "Whoever else has it could do what Sluice may. Name another database, and make the setup script anew");
        if (connection.OAuth is not null) yield return Passed("External OAuth any-role mode", $"the token opens sessions with {_role} and with {_systemRole}");
        yield return OfDatabase(facts.Database);
        foreach (var check in OfSystemGrants(facts.Grants)) yield return check;
        yield return OfEdition(facts.PoliciesRefusal);
        if (settings.Audit || settings.Lineage)
        {
            yield return OfViews("account views", facts.ViewsRefusal, "Audit, lineage and tags are not read.", SystemPrivileges.ViewsRole);
        }

        yield return OfViews(
            "grants to users", facts.UserGrantsRefusal, "What is granted straight to users (GRANT … TO USER) is not seen, so registered people keep it.", SystemPrivileges.GrantsRole);
    }

    private Check OfViews(string name, PlatformException? refusal, string meaning, string role) => refusal is null
        ? Passed(name, "readable")
        : Warning(name, "not readable", $"{meaning} {refusal.Message} Remedy, as ACCOUNTADMIN: GRANT DATABASE ROLE {role} TO ROLE {_systemRole.Quoted}");

    private Check OfWarehouse(CrawlerFacts facts)
    {
        const string name = "warehouse";
        if (facts.Session.Warehouse is null)
        {
            return Failed(
                name, facts.Warehouse is null ? $"{_warehouse} is not there, or role {_role} may not see it" : $"{_warehouse} can't be used",
                $"Information Schema is read with a warehouse. Remedy: GRANT USAGE ON WAREHOUSE {_warehouse.Quoted} TO ROLE {_role.Quoted}");
        }

        if (facts.WarehouseRefusal is { } refusal) return Failed(name, facts.Warehouse is { } seen ? $"{_warehouse} is {seen.State.ToLowerInvariant()}" : "refused", refusal);
        if (facts.Warehouse is { ResumesByItself: false } manual)
        {
            return Warning(
                name, $"{_warehouse} is {manual.State.ToLowerInvariant()} and does not resume by itself",
                $"Once it is suspended nothing works. Remedy: ALTER WAREHOUSE {_warehouse.Quoted} SET AUTO_RESUME = TRUE");
        }

        return Passed(name, facts.Warehouse is { } warehouse ? $"{_warehouse} is {warehouse.State.ToLowerInvariant()}" : $"{_warehouse} can be used");
    }

    private Check OfDatabases(CrawlerFacts facts)
    {
        var crawled = facts.Databases.Where(d => DatabaseKinds.LeftOut(d, _database.Text) is null).Select(d => d.Name).ToList();
        if (crawled.Count > 0) return Passed("USAGE on databases", $"role {_role} sees {Listed(crawled)}");
        return Failed(
            "USAGE on databases", facts.Databases.Count == 0 ? "sees no database" : $"sees only {Listed([.. facts.Databases.Select(d => d.Name)])}",
            $"There is nothing that Sluice could govern. Remedy: GRANT USAGE ON DATABASE … TO ROLE {_role.Quoted}");
    }

    private Check OfObjects(RoleGrants grants, string privilege, string what, string[] kinds, string without)
    {
        var name = $"{privilege} on {what}";
        var count = grants.Grants.Count(g => kinds.Contains(g.On) && (g.Privilege == privilege || g.Privilege == "OWNERSHIP"));
        if (count > 0) return Passed(name, $"on {count}");
        var all = what == "schemas" ? "ALL SCHEMAS" : "ALL TABLES";
        return Warning(name, "none is granted", $"{without} Remedy, for each database: GRANT {privilege} ON {all} IN DATABASE … TO ROLE {_role.Quoted}");
    }

    private Check OfDatabase(DatabaseRow? database) => database switch
    {
        null => Failed("database", $"{_database} is not there, or role {_systemRole} may not see it", "Run the setup script, or: " + GrantOnDatabase()),
        _ when mark.OwnerOf(database.Comment) == MarkOwner.ThisInstance => Passed("database", $"{_database} is this Sluice's"),
        _ => Failed(
            "database", NotOurs(_database, database.Comment),
            "Name a new database, and make the setup script anew: Sluice manages no database that others made, nor one that another Sluice manages"),
    };

    private IEnumerable<Check> OfSystemGrants(RoleGrants grants)
    {
        if (grants.Unread is { } unread)
        {
            yield return new Check("privileges of the system role", CheckStatus.Skipped, "not read", unread);
            yield break;
        }

        foreach (var privilege in SystemPrivileges.OnAccount)
        {
            yield return grants.Grants.Any(g => g.On == "ACCOUNT" && g.Privilege == privilege)
                ? Passed($"{privilege} on account", "granted")
                : Failed($"{privilege} on account", "missing", $"Sluice can't enforce policies. Remedy: GRANT {privilege} ON ACCOUNT TO ROLE {_systemRole.Quoted}");
        }

        yield return Has("WAREHOUSE", "USAGE", _warehouse.Text)
            ? Passed("USAGE on warehouse for the system role", "granted")
            : Failed(
                "USAGE on warehouse for the system role", "missing",
                $"Sluice can't enforce policies. Remedy: GRANT USAGE ON WAREHOUSE {_warehouse.Quoted} TO ROLE {_systemRole.Quoted}");
        foreach (var (schema, _) in DatabaseLayout.Schemas)
        {
            foreach (var privilege in SystemPrivileges.OnSchema(schema))
            {
                yield return Has("SCHEMA", privilege, _database.Text, schema)
                    ? Passed($"{privilege} on schema {schema}", "granted")
                    : Failed(
                        $"{privilege} on schema {schema}", "missing",
                        $"{Without(privilege)} Remedy: run the setup script, or GRANT {privilege} ON SCHEMA {Quote.Path(_database.Text, schema)} TO ROLE {_systemRole.Quoted}");
            }
        }

        bool Has(string kind, string privilege, params string[] names) => grants.Grants.Any(g =>
            g.On == kind && (g.Privilege == privilege || g.Privilege == "OWNERSHIP") && IsNamed(g.Name, names));
    }

    private static string Without(string privilege) => privilege switch
    {
        "CREATE MASKING POLICY" => "Sluice can't mask columns.",
        "CREATE ROW ACCESS POLICY" => "Sluice can't hide rows.",
        "CREATE FUNCTION" => "Sluice can't make the functions that its policies ask.",
        "CREATE TABLE" or "CREATE VIEW" => "Sluice can't keep what its policies look up.",
        _ => "Sluice can't keep its objects there.",
    };

    private static Check OfEdition(PlatformException? refusal) => refusal switch
    {
        null => Passed("edition", "knows masking policies"),
        { Code: SnowflakeCodes.UnsupportedFeature } => Warning(
            "edition", "has no masking policies",
            $"Masks and row rules need the Enterprise edition; subscription policies work without. {refusal.Message}"),
        _ => Warning("edition", "not known", $"Whether masks and row rules can be had is not known. {refusal.Message}"),
    };

    private static string NotOurs(SnowflakeName name, string? comment) => InstanceMark.InstanceOf(comment) is { } other
        ? $"{name} is another Sluice's, of instance {other}"
        : $"{name} exists already and is not Sluice's";

    private string RemedyOfRole() => connection.Username is { } user
        ? $"Run the setup script, or: GRANT ROLE {_systemRole.Quoted} TO USER {SnowflakeName.Stored(user).Quoted}"
        : $"Run the setup script, or grant role {_systemRole.Quoted} to the user that the token is mapped to; the External OAuth integration must allow any role "
        + "(EXTERNAL_OAUTH_ANY_ROLE_MODE = ENABLE)";

    private string GrantOnDatabase() => $"GRANT USAGE ON DATABASE {_database.Quoted} TO ROLE {_systemRole.Quoted}";

    // SHOW GRANTS quotes what SQL would have to quote.
    private static bool IsNamed(string shown, string[] names)
    {
        var spelled = names.Select(n => SnowflakeName.Exact(n).Parameter);
        return shown == string.Join('.', spelled) || shown == string.Join('.', names) || shown == string.Join('.', names.Select(Quote.Identifier));
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count <= NamedDatabases
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(NamedDatabases))} and {names.Count - NamedDatabases} more databases";

    private static Check Passed(string name, string result) => new(name, CheckStatus.Passed, result);

    private static Check Failed(string name, string result, string message) => new(name, CheckStatus.Failed, result, message);

    private static Check Warning(string name, string result, string message) => new(name, CheckStatus.Warning, result, message);
}
