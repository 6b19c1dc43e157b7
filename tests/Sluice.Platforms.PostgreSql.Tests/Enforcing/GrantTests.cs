using Sluice.Core.Access;
using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Who reads what, asked of the server as the people themselves.</summary>
public sealed class GrantTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Who_is_in_the_audience_reads_and_nobody_else()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int); INSERT INTO t VALUES (1); CREATE SCHEMA s; CREATE TABLE s.u (id int); INSERT INTO s.u VALUES (2)");
        var (ann, bob, cid) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob", ["B"]), await database.PersonAsync("cid", ["A", "B"]));
        var intent = database.Intent(database.Table("t", People.Rule("A")), database.Table("u", People.Rule("B"), schema: "s"));

        await database.EnforceAsync(intent);

        (await database.ReadAsync(ann, "SELECT * FROM t")).ShouldBe("1");
        await database.RefusesAsync(ann, "SELECT * FROM s.u");
        (await database.ReadAsync(bob, "SELECT * FROM s.u")).ShouldBe("2");
        await database.RefusesAsync(bob, "SELECT * FROM t");
        (await database.ReadAsync(cid, "SELECT t.id, u.id FROM t, s.u")).ShouldBe("1,2");
        await database.RefusesAsync(ann, "INSERT INTO t VALUES (3)");
    }

    [Fact]
    public async Task A_person_who_leaves_the_group_loses_the_table_and_the_last_object_takes_all_roles_along()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        var ann = await database.PersonAsync("ann", ["A"]);
        await database.EnforceAsync(database.Intent(database.Table("t", People.Rule("A"))));
        await database.ReadAsync(ann, "SELECT * FROM t");

        database.Change(ann, groups: []);
        var changes = await database.EnforceAsync(database.Intent(database.Table("t", People.Rule("A"))));

        changes.ShouldHaveSingleItem().Key.ShouldBe(new FactKey(FactKind.Member, null, database.Names.Audience(People.Rule("A").Id), ann));
        await database.RefusesAsync(ann, "SELECT * FROM t");
        await database.EnforceAsync(database.Intent());
        (await database.ReadAsync(ann, $"SELECT count(*) FROM pg_roles WHERE starts_with(rolname, '{database.Names.AudiencePrefix}')")).ShouldBe("0");
    }

    [Fact]
    public async Task Who_may_write_writes_and_reads_by_the_other_rule_alone()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int)");
        var (ann, bob) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob", ["B"]));
        var table = database.Table("t", People.Rule("A"));
        await database.EnforceAsync(database.Intent(table with { Access = table.Access with { Write = People.Rule("B") } }));

        await database.ReadAsync(bob, "INSERT INTO t VALUES (7)", "SELECT 1");
        await database.RefusesAsync(bob, "SELECT * FROM t");
        await database.RefusesAsync(ann, "INSERT INTO t VALUES (8)");
        (await database.ReadAsync(ann, "SELECT * FROM t")).ShouldBe("7");
    }

    [Fact]
    public async Task A_subscription_of_ones_own_is_a_role_of_ones_own()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, ssn text); INSERT INTO t VALUES (1, 'x')");
        var (ann, bob) = (await database.PersonAsync("ann", ["Privacy"]), await database.PersonAsync("bob"));
        var table = database.Table("t", AccessRule.Nobody, ["id int", "ssn text"]) with { DirectReaders = [ann, bob], DirectWriters = [bob] };
        await database.EnforceAsync(database.Intent(Masked(table, "ssn", People.Rule("Privacy"))));

        (await database.ReadAsync(ann, "SELECT * FROM t")).ShouldBe("1,x");
        await database.RefusesAsync(bob, "SELECT * FROM t");
        (await database.ReadAsync(bob, "INSERT INTO t VALUES (2, 'y')", "SELECT id FROM t ORDER BY id")).ShouldBe("1;2");
    }

    [Fact]
    public async Task A_masked_column_is_kept_from_those_who_are_not_exempt_from_every_mask_on_it()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, ssn text, mail text); INSERT INTO t VALUES (1, 's', 'm')");
        var (ann, bob) = (await database.PersonAsync("ann", ["A"]), await database.PersonAsync("bob", ["A", "P"]));
        var (cid, dan) = (await database.PersonAsync("cid", ["A", "P", "Q"]), await database.PersonAsync("dan", ["P", "Q"]));
        var table = database.Table("t", People.Rule("A"), ["id int", "ssn text", "mail text"]);
        table = Masked(Masked(Masked(table, "ssn", People.Rule("P")), "ssn", People.Rule("Q")), "mail", People.Rule("P"));

        await database.EnforceAsync(database.Intent(table));

        (await database.ReadAsync(ann, "SELECT id FROM t")).ShouldBe("1");
        await database.RefusesAsync(ann, "SELECT mail FROM t");
        await database.RefusesAsync(ann, "SELECT t FROM t");
        (await database.ReadAsync(bob, "SELECT id, mail FROM t")).ShouldBe("1,m");
        await database.RefusesAsync(bob, "SELECT id FROM t WHERE ssn = 's'");
        (await database.ReadAsync(cid, "SELECT * FROM t")).ShouldBe("1,s,m");
        await database.RefusesAsync(dan, "SELECT ssn FROM t");
    }

    [Fact]
    public async Task A_mask_that_comes_and_goes_interrupts_nobody_and_ends_where_it_began()
    {
        var database = await EnforcedDatabase.MakeAsync(postgres, "CREATE TABLE t (id int, ssn text)");
        var ann = await database.PersonAsync("ann", ["A"]);
        var table = database.Table("t", People.Rule("A"), ["id int", "ssn text"]);
        await database.EnforceAsync(database.Intent(table));

        // The column's grant comes before the table's goes, and the table's takes no column along.
        await database.EnforceAsync(database.Intent(Masked(table, "ssn", AccessRule.Nobody)));
        await database.ReadAsync(ann, "SELECT id FROM t");
        await database.RefusesAsync(ann, "SELECT ssn FROM t");
        await database.EnforceAsync(database.Intent(table));

        await database.ReadAsync(ann, "SELECT * FROM t");
    }

    internal static IntendedObject Masked(IntendedObject table, string column, AccessRule exempt) => table with
    {
        Access = table.Access with
        {
            Masks = [.. table.Access.Masks, new ColumnMask(column, new Core.Policies.MaskFunction.Null(), exempt, null, "mask")],
        },
    };
}
