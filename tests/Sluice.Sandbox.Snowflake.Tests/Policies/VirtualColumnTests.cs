namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>Columns that are computed when they are read: https://docs.snowflake.com/en/sql-reference/virtual-columns.</summary>
public sealed class VirtualColumnTests
{
    private static readonly string[] Scene =
    [
        "CREATE TABLE D.S.V (ID NUMBER, NAME VARCHAR, LOUD VARCHAR AS (UPPER(NAME)))", "INSERT INTO D.S.V (ID, NAME) VALUES (1, 'ada')", "ALTER TABLE D.S.V ADD COLUMN TWICE NUMBER(38,0) AS (ID * 2)",
        "GRANT SELECT ON TABLE D.S.V TO ROLE ANALYST",
        "CREATE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> '***'", "CREATE MASKING POLICY D.GOV.C AS (V VARCHAR, N NUMBER) RETURNS VARCHAR -> CASE WHEN N = 2 THEN 'two' ELSE V END",
        "CREATE ROW ACCESS POLICY D.GOV.R AS (V VARCHAR) RETURNS BOOLEAN -> TRUE",
    ];

    [Fact]
    public async Task They_are_computed_and_told()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));

        (await (await bench.As("READER")).QueryAsync("SELECT LOUD, TWICE FROM D.S.V")).ShouldSucceed().Rows.ShouldBe([["ADA", "2"]]);
        var shown = (await bench.Admin.QueryAsync("SHOW COLUMNS IN TABLE D.S.V")).ShouldSucceed();
        shown.Column("kind").Zip(shown.Column("expression")).ShouldBe([("COLUMN", ""), ("COLUMN", ""), ("VIRTUAL_COLUMN", "UPPER(NAME)"), ("VIRTUAL_COLUMN", "ID * 2")]);
        (await bench.Admin.QueryAsync("SELECT COLUMN_NAME, EXPRESSION FROM D.INFORMATION_SCHEMA.COLUMNS WHERE KIND = 'VIRTUAL_COLUMN' ORDER BY 1")).ShouldSucceed().Rows
            .ShouldBe([["LOUD", "UPPER(NAME)"], ["TWICE", "ID * 2"]]);
    }

    [Theory]
    [InlineData("ALTER TABLE D.S.V MODIFY COLUMN LOUD SET MASKING POLICY D.GOV.M", "Masking policy cannot be attached to a VIRTUAL_COLUMN column.")]
    [InlineData("ALTER TABLE D.S.V ADD ROW ACCESS POLICY D.GOV.R ON (LOUD)", "VIRTUAL_COLUMN")]
    [InlineData("ALTER TABLE D.S.V MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M", null)]
    [InlineData("ALTER TABLE D.S.V MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, TWICE)", null)]
    public async Task They_are_given_to_masks_as_conditions_alone(string statement, string? refusal)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));

        var answer = await (await bench.As("KEEPER")).QueryAsync(statement);

        if (refusal is null) answer.ShouldSucceed();
        else answer.ShouldFail("001008").Message!.ShouldContain(refusal);
    }
}
