using Sluice.Sandbox.Snowflake.Metadata;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>Fills a new account: the SNOWFLAKE database, the catalog asked for, the standard cast and the options' users.</summary>
internal static class AccountSetup
{
    private const string DemoPrefix = "Sluice.Sandbox.Snowflake.Catalog.Demo.";

    public static void Fill(SandboxRuntime runtime)
    {
        var (account, options) = (runtime.Account, runtime.Options);
        AddSnowflake(account, options.Clock.GetUtcNow());
        runtime.Change(["USE ROLE SYSADMIN", $"CREATE WAREHOUSE {SnowflakeSandbox.WarehouseName} WAREHOUSE_SIZE = XSMALL COMMENT = 'For everyone'"]);
        if (options.Catalog.Shape is { } shape) Generate(account, shape, options.Clock.GetUtcNow());
        if (options.Catalog.IsDemo) runtime.Change(DemoStatements());
        AddCast(runtime);
        runtime.Change(options.Setup);
    }

    private static void AddSnowflake(AccountState account, DateTimeOffset now)
    {
        var snowflake = new DatabaseState(account.NextId(), "SNOWFLAKE") { Kind = "APPLICATION", Origin = "SNOWFLAKE.ACCOUNT_USAGE", CreatedOn = now, LastAltered = now };
        account.Databases[snowflake.Name] = snowflake;
        Schemas.AddInformationSchema(account, snowflake, now);
        var usage = snowflake.Schemas["ACCOUNT_USAGE"] = new(account.NextId(), "ACCOUNT_USAGE", snowflake) { CreatedOn = now, LastAltered = now };
        foreach (var role in (string[])["GOVERNANCE_VIEWER", "OBJECT_VIEWER", "SECURITY_VIEWER", "USAGE_VIEWER"])
        {
            var viewer = snowflake.Roles[role] = new(account.NextId(), role, snowflake) { CreatedOn = now };
            account.Grants.Add(snowflake, new("USAGE", viewer, WithGrantOption: false, null, now));
            account.Grants.Add(usage, new("USAGE", viewer, WithGrantOption: false, null, now));
        }

        foreach (var relation in AccountUsageRelations.All)
        {
            var view = Schemas.AddView(account, usage, relation, now);
            foreach (var viewer in AccountUsageRelations.ViewersOf(relation.Name)) account.Grants.Add(view, new("SELECT", snowflake.Roles[viewer], WithGrantOption: false, null, now));
        }

        account.Grants.Add(snowflake, new("IMPORTED PRIVILEGES", account.Roles["ACCOUNTADMIN"], WithGrantOption: false, null, now));
    }

    private static void Generate(AccountState account, GeneratedShape shape, DateTimeOffset now)
    {
        var owner = account.Roles["SYSADMIN"];
        var governance = new DatabaseState(account.NextId(), "GOVERNANCE") { Owner = owner, CreatedOn = now, LastAltered = now };
        account.Databases[governance.Name] = governance;
        Schemas.AddInformationSchema(account, governance, now);
        var tags = governance.Schemas["TAGS"] = new(account.NextId(), "TAGS", governance) { Owner = owner, CreatedOn = now, LastAltered = now };
        var tag = new SchemaObject(account.NextId(), Domain.Tag, "SENSITIVITY", tags) { Owner = owner, CreatedOn = now, LastAltered = now, AllowedValues = ["pii", "public"] };
        tags.Put(tag);
        account.Tags.GeneratedTag = tag;
        var ordinal = 0;
        for (var d = 0; d < shape.Databases; d++)
        {
            var database = new DatabaseState(account.NextId(), $"DB{d:D3}") { Owner = owner, CreatedOn = now, LastAltered = now, Comment = $"Generated database {d}" };
            account.Databases[database.Name] = database;
            Schemas.AddInformationSchema(account, database, now);
            var left = (shape.Tables / shape.Databases) + (d < shape.Tables % shape.Databases ? 1 : 0);
            for (var s = 0; left > 0; s++, ordinal++)
            {
                var count = Math.Min(left, shape.TablesPerSchema);
                var schema = account.AddGenerated(database, $"S{s:D4}", new(shape.Seed, ordinal, count, shape.Columns, owner, now));
                (schema.Owner, schema.CreatedOn, schema.LastAltered) = (owner, now, now);
                left -= count;
            }
        }
    }

    private static IEnumerable<string> DemoStatements()
    {
        var assembly = typeof(AccountSetup).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(DemoPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static void AddCast(SandboxRuntime runtime)
    {
        var options = runtime.Options;
        SnowflakeSandboxUser[] standard =
        [
            new(SnowflakeSandbox.AdministratorName) { Password = "sandbox-admin-password", Roles = ["ACCOUNTADMIN"], DefaultRole = "ACCOUNTADMIN", DefaultWarehouse = SnowflakeSandbox.WarehouseName },
            new(SnowflakeSandbox.ServiceName)
            {
                Password = "sandbox-service-password", Roles = [SnowflakeSandbox.ServiceRoleName], DefaultRole = SnowflakeSandbox.ServiceRoleName, DefaultWarehouse = SnowflakeSandbox.WarehouseName,
            },
        ];
        var replaced = options.Users.Select(user => user.Name).ToHashSet();
        var users = standard.Where(user => !replaced.Contains(user.Name)).Concat(options.Users).ToArray();
        List<string> statements = ["USE ROLE USERADMIN"];
        foreach (var role in users.SelectMany(user => user.Roles).Append(SnowflakeSandbox.ServiceRoleName).Distinct()) statements.Add($"CREATE ROLE IF NOT EXISTS {Quoting.Always(role)}");
        statements.Add($"GRANT ROLE {SnowflakeSandbox.ServiceRoleName} TO ROLE SYSADMIN");
        statements.Add($"GRANT USAGE ON WAREHOUSE {SnowflakeSandbox.WarehouseName} TO ROLE {SnowflakeSandbox.ServiceRoleName}");
        statements.Add($"GRANT USAGE ON WAREHOUSE {SnowflakeSandbox.WarehouseName} TO ROLE ACCOUNTADMIN");
        foreach (var database in runtime.Account.Databases.Values) statements.AddRange(ReadingGrants(database));
        statements.Add("USE ROLE ACCOUNTADMIN");
        statements.AddRange(options.OAuth.Prepend(runtime.Authority.Integration(runtime.Endpoint)).Select(integration => integration.ToSql()));
        runtime.Change(statements);
        foreach (var user in users) AddUser(runtime, user);
    }

    private static IEnumerable<string> ReadingGrants(DatabaseState database)
    {
        var (name, role) = (Quoting.Always(database.Name), $"TO ROLE {SnowflakeSandbox.ServiceRoleName}");
        if (database.IsReadOnly) return [$"GRANT IMPORTED PRIVILEGES ON DATABASE {name} {role}"];
        return
        [
            $"GRANT USAGE ON DATABASE {name} {role}", $"GRANT USAGE ON ALL SCHEMAS IN DATABASE {name} {role}",
            .. from domain in Enum.GetValues<Domain>()
               where domain.IsTableLike()
               select $"GRANT SELECT ON ALL {domain.Plural()} IN DATABASE {name} {role}",
            $"GRANT READ ON ALL TAGS IN DATABASE {name} {role}",
        ];
    }

    private static void AddUser(SandboxRuntime runtime, SnowflakeSandboxUser described)
    {
        var account = runtime.Account;
        var now = runtime.Options.Clock.GetUtcNow();
        var user = new UserState(account.NextId(), described.Name)
        {
            LoginName = (described.LoginName ?? described.Name).ToUpperInvariant(),
            Password = described.Password,
            PublicKey = described.RsaPublicKey is { } first ? UserOptions.Key(first) : null,
            PublicKey2 = described.RsaPublicKey2 is { } second ? UserOptions.Key(second) : null,
            DefaultRole = described.DefaultRole,
            DefaultWarehouse = described.DefaultWarehouse,
            SecondaryRolesAll = described.DefaultSecondaryRolesAll,
            Owner = account.Roles["USERADMIN"],
            CreatedOn = now,
            LastAltered = now,
        };
        user.AccessTokens.AddRange(described.AccessTokens);
        user.Roles.AddRange(described.Roles.Select(role => new RoleGrant(account.Roles[role], account.Roles["USERADMIN"], now)));
        account.Users[user.Name] = user;
    }
}
