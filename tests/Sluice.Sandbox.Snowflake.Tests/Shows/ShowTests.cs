using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Shows;

public sealed class ShowTests
{
    private static readonly SnowflakeSandboxOptions Scene = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Setup =
        [
            "USE ROLE SYSADMIN", "CREATE DATABASE D COMMENT = 'it''s'", "CREATE SCHEMA D.S WITH MANAGED ACCESS", "CREATE TABLE D.S.ALPHA (A NUMBER(10,2) NOT NULL COMMENT 'c', B VARCHAR(5))",
            "CREATE TABLE D.S.BETA (A NUMBER)", "CREATE TABLE D.S.\"alpha\" (A NUMBER)", "CREATE TRANSIENT TABLE D.S.GAMMA (A NUMBER)", "CREATE SECURE VIEW D.S.V AS SELECT A FROM D.S.ALPHA",
            "CREATE EVENT TABLE D.S.E", "CREATE TABLE D.PUBLIC.BETA (A NUMBER)", "CREATE FUNCTION D.S.F(X VARCHAR, N NUMBER) RETURNS VARCHAR AS 'X'",
        ],
    };

    [Theory]
    [InlineData("SHOW DATABASES", "created_on,name,is_default,is_current,origin,owner,comment,options,retention_time,kind,budget,owner_role_type,object_visibility")]
    [InlineData("SHOW TERSE DATABASES", "created_on,name,kind,database_name,schema_name")]
    [InlineData("SHOW SCHEMAS IN DATABASE D", "created_on,name,is_default,is_current,database_name,owner,comment,options,retention_time,owner_role_type,budget")]
    [InlineData("SHOW VIEWS IN SCHEMA D.S", "created_on,name,reserved,database_name,schema_name,owner,comment,text,is_secure,is_materialized,owner_role_type,change_tracking")]
    [InlineData("SHOW COLUMNS IN TABLE D.S.ALPHA", "table_name,schema_name,column_name,data_type,null?,default,kind,expression,comment,database_name,autoincrement,schema_evolution_record")]
    [InlineData("SHOW ROLES", "created_on,name,is_default,is_current,is_inherited,assigned_to_users,granted_to_roles,granted_roles,owner,comment")]
    [InlineData("SHOW GRANTS ON DATABASE D", "created_on,privilege,granted_on,name,granted_to,grantee_name,grant_option,granted_by,granted_by_role_type")]
    // https://docs.snowflake.com/en/release-notes/bcr-bundles/2025_01/bcr-1803
    [InlineData("SHOW GRANTS TO USER SLUICE_SERVICE", "created_on,privilege,granted_on,name,role,granted_to,grantee_name,grant_option,granted_by")]
    [InlineData("SHOW EVENT TABLES IN SCHEMA D.S", "created_on,name,database_name,schema_name,owner,comment,owner_role_type")]
    [InlineData("SHOW INTEGRATIONS", "name,type,category,enabled,comment,created_on")]
    [InlineData("SHOW PARAMETERS", "key,value,default,level,description,type")]
    [InlineData("SHOW ROW ACCESS POLICIES IN ACCOUNT", "created_on,name,database_name,schema_name,kind,owner,comment,owner_role_type,options")]
    public async Task A_listing_has_its_columns(string sql, string columns)
    {
        await using var bench = await Bench.StartAsync(Scene);
        (await bench.Admin.QueryAsync(sql)).ShouldSucceed().Columns.ShouldBe(columns.Split(','));
    }

    [Theory]
    [InlineData("SHOW TABLES IN SCHEMA D.S", "ALPHA,BETA,E,GAMMA,alpha")]
    [InlineData("SHOW TABLES LIKE 'alph_' IN SCHEMA D.S", "ALPHA,alpha")]
    [InlineData("SHOW TABLES LIKE '%' IN SCHEMA D.S STARTS WITH 'a'", "alpha")]
    [InlineData("SHOW TABLES IN SCHEMA D.S LIMIT 2", "ALPHA,BETA")]
    [InlineData("SHOW TABLES IN SCHEMA D.S LIMIT 2 FROM 'BETA'", "E,GAMMA")]
    [InlineData("SHOW TABLES IN SCHEMA D.S LIMIT 10 FROM 'DROPPED'", "E,GAMMA,alpha")]
    [InlineData("SHOW TABLES IN DATABASE D STARTS WITH 'BETA'", "BETA,BETA")]
    [InlineData("SHOW TERSE TABLES IN ACCOUNT STARTS WITH 'GAMMA'", "GAMMA")]
    [InlineData("SHOW OBJECTS IN SCHEMA D.S STARTS WITH 'V'", "V")]
    [InlineData("SHOW VIEWS IN SCHEMA D.S", "V")]
    [InlineData("SHOW EVENT TABLES IN DATABASE D", "E")]
    [InlineData("SHOW SCHEMAS IN DATABASE D", "INFORMATION_SCHEMA,PUBLIC,S")]
    [InlineData("SHOW DATABASES LIKE 's%'", "SNOWFLAKE")]
    public async Task A_listing_is_filtered_in_order(string sql, string names)
    {
        await using var bench = await Bench.StartAsync(Scene);
        (await bench.Admin.QueryAsync(sql)).ShouldSucceed().Column("name").ShouldBe(names.Split(','));
    }

    [Fact]
    public async Task Pages_of_a_schema_add_up_to_the_whole_and_no_listing_passes_the_cap()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Generated(250), ShowCap = 100 });
        (await bench.Service.QueryAsync("SHOW TABLES IN SCHEMA DB000.S0000")).Rows.Length.ShouldBe(100);
        List<string?> names = [];
        string? last = null;
        do
        {
            var page = (await bench.Service.QueryAsync($"SHOW OBJECTS IN SCHEMA DB000.S0000 LIMIT 100{(last is null ? "" : $" FROM '{last}'")}")).ShouldSucceed().Column("name");
            if (page.Length == 0) break;
            names.AddRange(page);
            last = page[^1];
        }
        while (true);
        names.Count.ShouldBe(250);
        names.Distinct().Count().ShouldBe(250);
    }

    [Fact]
    public async Task Details_are_told_as_Snowflake_tells_them()
    {
        await using var bench = await Bench.StartAsync(Scene);
        var columns = await bench.Admin.QueryAsync("SHOW COLUMNS IN TABLE D.S.ALPHA");
        columns.Column("data_type").ShouldBe(["""{"type":"FIXED","precision":10,"scale":2,"nullable":false}""", """{"type":"TEXT","length":5,"byteLength":20,"nullable":true,"fixed":false}"""]);
        columns.Column("null?").ShouldBe(["NOT_NULL", "true"]);
        (await bench.Admin.QueryAsync("DESCRIBE TABLE D.S.ALPHA")).Column("type").ShouldBe(["NUMBER(10,2)", "VARCHAR(5)"]);
        var schemas = await bench.Admin.QueryAsync("SHOW SCHEMAS LIKE 'S' IN DATABASE D");
        schemas.Column("options").ShouldBe(["MANAGED ACCESS"]);
        schemas.Column("owner").ShouldBe(["SYSADMIN"]);
        var databases = await bench.Admin.QueryAsync("SHOW DATABASES");
        databases.Column("kind").ShouldBe(["STANDARD", "APPLICATION"]);
        databases.Column("comment").ShouldBe(["it's", ""]);
        (await bench.Admin.QueryAsync("SHOW TABLES LIKE 'GAMMA' IN ACCOUNT")).Column("kind").ShouldBe(["TRANSIENT"]);
        (await bench.Admin.QueryAsync("SHOW USER FUNCTIONS IN SCHEMA D.S")).Column("arguments").ShouldBe(["F(VARCHAR, NUMBER) RETURN VARCHAR"]);
    }

    [Fact]
    public async Task Only_what_a_role_has_a_privilege_on_is_listed()
    {
        await using var bench = await Bench.StartAsync(Scene with { Users = [new("U") { Password = "p", Roles = ["R"], DefaultRole = "R" }] });
        var client = await bench.As("U");
        (await client.QueryAsync("SHOW DATABASES")).ShouldSucceed().Rows.ShouldBeEmpty();
        await bench.Run("GRANT MONITOR ON DATABASE D TO ROLE R");
        (await client.QueryAsync("SHOW DATABASES")).Column("name").ShouldBe(["D"]);
        (await client.QueryAsync("SHOW SCHEMAS IN DATABASE D")).Rows.ShouldBeEmpty();
        await bench.Run("GRANT USAGE ON DATABASE D TO ROLE R", "GRANT USAGE ON SCHEMA D.S TO ROLE R", "GRANT REFERENCES ON TABLE D.S.BETA TO ROLE R");
        (await client.QueryAsync("SHOW TABLES IN DATABASE D")).Column("name").ShouldBe(["BETA"]);
        (await client.QueryAsync("SHOW TABLES IN SCHEMA D.PUBLIC")).ShouldFail("002043");
        (await client.QueryAsync("SHOW GRANTS ON TABLE D.S.ALPHA")).ShouldFail("002003");
    }
}
