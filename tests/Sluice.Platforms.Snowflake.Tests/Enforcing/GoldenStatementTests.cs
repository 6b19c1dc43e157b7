using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.QueryAudit;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.Snowflake.Auditing;
using Sluice.Platforms.Snowflake.Crawling;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Every kind of statement that Sluice sends, word for word, beside the page of Snowflake's that it follows. What the other tests at the stand-in send may be of no other kind
/// (<see cref="GoldenStatements.ShouldHold"/>).
/// </summary>
public sealed class GoldenStatementTests
{
    private const string Crawler = SnowflakeAccount.Role;
    private const string Leak = "LEAK";

    private static readonly string[] Columns = ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "AMOUNT NUMBER(10,2)", "BORN DATE"];

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2), BORN DATE)",
        "CREATE TABLE SHOP.S.SOURCE (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2), BORN DATE)", "CREATE VIEW SHOP.S.V AS SELECT ID, REGION, AMOUNT, BORN FROM SHOP.S.SOURCE",
        "CREATE DATABASE TOOLS", "CREATE SCHEMA TOOLS.MASKS", "CREATE FUNCTION TOOLS.MASKS.LOUD(X VARCHAR) RETURNS VARCHAR AS 'UPPER(X)'",
        .. ((string[])["ANN", "BOB", "CAT"]).SelectMany(EnforcedAccount.User), $"CREATE ROLE {Leak}",
        "GRANT USAGE ON DATABASE SHOP TO USER CAT", "GRANT USAGE ON SCHEMA SHOP.S TO USER CAT", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO USER CAT", "GRANT INSERT ON TABLE SHOP.S.ORDERS TO USER CAT WITH GRANT OPTION",
        "CREATE DATABASE ROLE SHOP.READERS", "GRANT USAGE ON SCHEMA SHOP.S TO DATABASE ROLE SHOP.READERS", "GRANT SELECT ON TABLE SHOP.S.SOURCE TO DATABASE ROLE SHOP.READERS", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO DATABASE ROLE SHOP.READERS",
    ];

    private static readonly string[] Granted =
    [
        $"GRANT USAGE ON DATABASE TOOLS TO ROLE {SnowflakeAccount.SystemRole}", $"GRANT USAGE ON SCHEMA TOOLS.MASKS TO ROLE {SnowflakeAccount.SystemRole}",
        $"GRANT USAGE ON FUNCTION TOOLS.MASKS.LOUD(VARCHAR) TO ROLE {SnowflakeAccount.SystemRole}",
        $"GRANT USAGE ON DATABASE SHOP TO ROLE {Crawler}", $"GRANT USAGE ON SCHEMA SHOP.S TO ROLE {Crawler}", $"GRANT REFERENCES ON ALL TABLES IN DATABASE SHOP TO ROLE {Crawler}",
    ];

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FeedWindow Window = new(Noon, Noon.AddHours(1), Noon.AddDays(1));
    private static readonly Operand Id = new Operand.Column("ID");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_statement_is_what_the_page_of_its_kind_says()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop, gate: 1);
        account.Change(Granted);
        await ProtectAsync(account);
        await RepairAsync(account);
        account.ProtectsUnregistered = false;
        await account.EnforceAsync(Exchanged(account));
        await PutBackAsync(account);
        await RemoveAsync(account);
        await ReadAsync(account);

        GoldenStatements.Check(account.Sent.Concat(OnOtherObjects()).Concat(OfLargeCatalogs()));
    }

    // Masks of every kind, row rules, and all of it exchanged while people change.
    private static async Task ProtectAsync(EnforcedAccount account)
    {
        account.Person("ANN", ["A"], [("Region", "EU")]);
        account.Person("BOB", ["A", "P"]);
        account.Person("CAT");
        await account.EnforceAsync(account.Intent(
            Item(account, "ORDERS", ObjectKind.Table, [Mask("REGION", new MaskFunction.Hash()), Mask("AMOUNT", new MaskFunction.Null())], new Predicate.Comparison(ComparisonOperator.Greater, Id, new Operand.Number(0))),
            Item(account, "V", ObjectKind.View, [Mask("REGION", new MaskFunction.Constant("?"))], new Predicate.InGroups(["A"]))));

        account.Person("ANN", ["A"], [("Region", "US")]);
        account.Person("BOB", ["A", "Q"]);
        await account.EnforceAsync(Exchanged(account));

        var custom = Mask("REGION", new MaskFunction.Custom([new("Snowflake", "tools.masks.loud")], 0)) with { Condition = new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("AMOUNT"), new Operand.Number(9)) };
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS", ObjectKind.Table, [custom], new Predicate.IsNull(Id)) with { DirectReaders = ["CAT"] }) with { MaskFunctionSchemas = ["TOOLS.MASKS"] });
    }

    // What others made of it.
    private static async Task RepairAsync(EnforcedAccount account)
    {
        var intent = Exchanged(account);
        await account.EnforceAsync(intent);
        var facts = account.Compile(intent).Facts;
        var policies = new NativeNames(EnforcedAccount.Prefix, SnowflakeAccount.Database);
        var (masking, rows) = (facts.First(static f => f.Key.Kind == FactKind.Mask), facts.First(static f => f.Key.Kind == FactKind.RowRule));
        var audience = facts.First(static f => f.Key is { Kind: FactKind.Grant, Detail: "SELECT" });
        var role = $"\"{audience.Key.Subject}\"";
        account.Change(
            $"ALTER MASKING POLICY {policies.Policy(SetPolicy.Read(masking.Definition).Name)} SET BODY -> V", $"ALTER ROW ACCESS POLICY {policies.Policy(SetPolicy.Read(rows.Definition).Name)} SET BODY -> TRUE",
            $"GRANT ROLE {role} TO ROLE {Leak}", $"GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE {role} WITH GRANT OPTION");
        await account.EnforceAsync(intent);
    }

    private static async Task PutBackAsync(EnforcedAccount account)
    {
        foreach (var isGrantable in (bool[])[false, true])
        {
            var key = new FactKey(FactKind.Grant, EnforcedAccount.Path("ORDERS"), "CAT", "SELECT TO USER");
            await account.ApplyAsync(account.Intent(), [account.PutBack(key, KeptGrant.Write(key, isGrantable))]);
        }
    }

    private static async Task RemoveAsync(EnforcedAccount account)
    {
        await account.EnforceAsync(account.Intent(Item(account, "ORDERS", ObjectKind.Table, []), Item(account, "V", ObjectKind.View, [])));
        foreach (var user in (string[])["ANN", "BOB", "CAT"]) account.Forget(user);
        await account.EnforceAsync(account.Intent());

        await using var session = account.Open();
        var epoch = (IKeepsEpoch)session;
        foreach (var count in (long[])[1, 2]) await epoch.WriteEpochAsync(EnforcedAccount.Prefix, count, Token);
        (await epoch.ReadEpochAsync(EnforcedAccount.Prefix, Token)).ShouldBe(2);
        await epoch.RemoveEpochAsync(EnforcedAccount.Prefix, Token);
    }

    private static async Task ReadAsync(EnforcedAccount account)
    {
        await using var session = account.Open();
        await session.IdentifyAsync(Token);
        await session.CheckAsync(Token);
        await ((IChecksMaskFunctions)session).CheckMaskFunctionsAsync(["TOOLS.MASKS"], [new MaskFunction.Custom([new("Snowflake", "tools.masks.loud")], 0)], Token);
        await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = new ObjectPath(EnforcedAccount.Key) }, Token))
        {
        }

        await foreach (var _ in ((IReadsQueryAudit)session).ReadQueriesAsync(EnforcedAccount.Key, QueryHistory.Source, Window, Token))
        {
        }

        await foreach (var _ in ((IReadsLineage)session).ReadLineageAsync(EnforcedAccount.Key, AccessLineage.Source, Window, Token))
        {
        }
    }

    // The words for other kinds of objects: https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
    private static IEnumerable<string> OnOtherObjects() =>
        from kind in Enum.GetValues<ObjectKind>().DistinctBy(ObjectKinds.Keyword)
        let privilege = Privilege.Of(Privilege.Select, kind)
        from statement in (string[])
        [
            Statements.Grant(EnforcedAccount.Path("X"), [privilege], "R"), Statements.Revoke(EnforcedAccount.Path("X"), [privilege], "R", isPassedOn: false), Statements.Revoke(EnforcedAccount.Path("X"), [privilege], "R", isPassedOn: true),
            Statements.WithoutGrantOption(EnforcedAccount.Path("X"), privilege, "R"),
            Statements.Grant(EnforcedAccount.Path("X"), [privilege with { IsOfUser = true }], "U"), $"{Statements.Grant(EnforcedAccount.Path("X"), [privilege with { IsOfUser = true }], "U")} WITH GRANT OPTION",
            Statements.Revoke(EnforcedAccount.Path("X"), [privilege with { IsOfUser = true }], "U", isPassedOn: false), $"SHOW GRANTS ON {privilege.On} {Statements.Name(EnforcedAccount.Path("X"))}",
        ]
        select statement;

    // What is sent where a list goes on, or Information Schema can't be read at once.
    private static IEnumerable<string> OfLargeCatalogs() =>
    [
        CatalogQueries.Tags(null).Text, CatalogQueries.Tags("D").Text,
        .. ((string[])[CatalogQueries.Databases, CatalogQueries.Schemas("D"), CatalogQueries.ShowTables("D", "S"), CatalogQueries.ShowViews("D", "S"), "SHOW ROLES"])
            .SelectMany(static s => (string[])[CatalogQueries.Page(s, null, 10_000, null).Text, CatalogQueries.Page(s, null, 10_000, "it's").Text]),
        CatalogQueries.Page("SHOW ROLES", "SLUICE_", 10_000, "SLUICE_X").Text,
        CatalogQueries.Tables("D", null, null).Text, CatalogQueries.Tables("D", "S", null).Text, CatalogQueries.Tables("D", "S", "T").Text,
        CatalogQueries.Columns("D", null).Text, CatalogQueries.Columns("D", ("S", "T")).Text, CatalogQueries.Columns("D", "S", new TableRange("A", "B")).Text, CatalogQueries.Columns("D", "S", ["A", "B"]).Text,
    ];

    private static ColumnMask Mask(string column, MaskFunction function) => new(column, function, People.Rule("P"), null, "mask");

    private static AccessIntent Exchanged(EnforcedAccount account) => account.Intent(
        Item(account, "ORDERS", ObjectKind.Table, [Mask("REGION", new MaskFunction.Regex("[0-9]", "#", false, true)), Mask("BORN", new MaskFunction.RoundTime(TimePrecision.Year))], new Predicate.Comparison(ComparisonOperator.Greater, Id, new Operand.Number(1))),
        Item(account, "V", ObjectKind.View, [Mask("REGION", new MaskFunction.Constant("!"))], new Predicate.InGroups(["B"])));

    private static IntendedObject Item(EnforcedAccount account, string name, ObjectKind kind, ColumnMask[] masks, params Predicate[] rows)
    {
        var item = account.Table(name, People.Rule("A"), Columns, kind);
        return item with { Access = item.Access with { Write = kind == ObjectKind.Table ? People.Rule("P") : AccessRule.Nobody, Masks = [.. masks], RowRules = [.. rows.Select(static r => new RowRule(r, People.Rule("Q"), "rows"))] } };
    }
}
