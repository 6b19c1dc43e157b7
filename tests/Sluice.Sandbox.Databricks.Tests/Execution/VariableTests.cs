using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Execution;

public sealed class VariableTests
{
    [Fact]
    public async Task A_variable_lives_as_long_as_its_session()
    {
        await using var bench = await Bench.StartAsync();
        var context = await CommandSession.OpenAsync(bench);

        await context.Runs("DECLARE OR REPLACE VARIABLE who STRING DEFAULT 'analysts'");
        await context.Runs("DECLARE again = 1 + 1;");
        await context.Runs("SET VAR who = who || '!' || replace('a!b', '!', '!!'), again = DEFAULT");

        (await context.Runs("SELECT who, session.again, system.session.`WHO`")).GetRawText().ShouldBe("""[["analysts!a!!b",2,"analysts!a!!b"]]""");
        (await (await CommandSession.OpenAsync(bench)).Fails("SELECT who")).ShouldContain("who");

        // Each statement of the statements API is a session of its own.
        await bench.Engineer.Rows("DECLARE VARIABLE who STRING DEFAULT 'nobody'");
        (await bench.Engineer.Fails("SELECT who")).SqlState.ShouldBe("42703");
    }

    [Fact]
    public async Task A_column_comes_before_a_variable_of_its_name()
    {
        await using var bench = await Bench.StartAsync();
        var context = await CommandSession.OpenAsync(bench);
        await context.Runs("DECLARE status STRING DEFAULT 'variable'");

        (await context.Runs("SELECT status, session.status FROM (VALUES ('column')) AS t (status)")).GetRawText().ShouldBe("""[["column","variable"]]""");
    }

    [Theory]
    [InlineData("DECLARE who STRING", "[VARIABLE_ALREADY_EXISTS]")]
    [InlineData("DECLARE other", "[PARSE_SYNTAX_ERROR]")]
    [InlineData("SET VAR other = 1", "[UNRESOLVED_VARIABLE]")]
    [InlineData("SET VAR a.who = 1", "[UNRESOLVED_VARIABLE]")]
    [InlineData("DROP TEMPORARY VARIABLE other", "[VARIABLE_NOT_FOUND]")]
    [InlineData("EXECUTE IMMEDIATE other", "[UNRESOLVED_VARIABLE]")]
    [InlineData("EXECUTE IMMEDIATE who", "[NULL_QUERY_STRING_EXECUTE_IMMEDIATE]")]
    [InlineData("EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE who'", "[NESTED_EXECUTE_IMMEDIATE]")]
    [InlineData("EXECUTE IMMEDIATE 'SELECT ?' USING 1", "[UNSUPPORTED_FEATURE]")]
    [InlineData("EXECUTE IMMEDIATE 'GRANT MANAGE ON CATALOG people TO analysts'", "[INSUFFICIENT_PERMISSIONS]")]
    public async Task What_is_wrong_with_a_variable_is_said(string statement, string condition)
    {
        await using var bench = await Bench.StartAsync();
        var context = await CommandSession.OpenAsync(bench, SandboxCast.Analyst);
        await context.Runs("DECLARE who STRING");

        (await context.Fails(statement)).ShouldContain(condition);
    }

    [Fact]
    public async Task A_statement_that_was_put_together_is_run()
    {
        await using var bench = await Bench.StartAsync();
        var context = await CommandSession.OpenAsync(bench);
        await context.Runs("DECLARE statement STRING");
        await context.Runs("SET VAR statement = 'GRANT USE CATALOG ON CATALOG sales TO ' || '`analysts`'");

        await context.Runs("EXECUTE IMMEDIATE statement");

        (await context.Runs("SHOW GRANTS `analysts` ON CATALOG sales")).GetRawText().ShouldContain("USE CATALOG");
        await context.Runs("DROP TEMPORARY VARIABLE statement");
        await context.Runs("DROP TEMPORARY VARIABLE IF EXISTS statement");
    }

    [Fact]
    public async Task What_is_asserted_and_not_true_ends_a_statement_with_its_words()
    {
        await using var bench = await Bench.StartAsync();

        (await bench.Engineer.Rows("SELECT assert_true(count(*) = 1, 'no such catalog') FROM system.information_schema.catalogs WHERE catalog_name = 'sales'")).ShouldBe([[null]]);
        var failed = await bench.Engineer.Fails("SELECT assert_true(count(*) = 2, 'it isn\\'t there twice') FROM system.information_schema.catalogs WHERE catalog_name = 'sales'");
        failed.Message.ShouldBe("[USER_RAISED_EXCEPTION] it isn't there twice SQLSTATE: P0001");
        failed.SqlState.ShouldBe("P0001");
        (await bench.Engineer.Fails("SELECT assert_true(NULL)")).SqlState.ShouldBe("P0001");
        (await bench.Engineer.Fails("SELECT raise_error('raised')")).Message.ShouldContain("raised");
    }
}
