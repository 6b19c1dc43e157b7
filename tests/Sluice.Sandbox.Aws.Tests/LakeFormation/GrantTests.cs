using System.Text.Json;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Tests.LakeFormation;

public sealed class GrantTests
{
    private const string Ada = "arn:aws:iam::123456789012:user/ada";
    private const string Person = "arn:aws:identitystore:::user/906761ba-1234";

    private static readonly object Orders = new { Table = new { DatabaseName = "sales", Name = "orders" } };

    [Fact]
    public async Task The_service_passes_on_what_it_holds_with_the_grant_option_and_no_more()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Person, Orders, ["SELECT"])).ShouldSucceed();
        (await BatchGrant(bench.Service, Person, Orders, ["SELECT", "DESCRIBE", "INSERT", "DELETE"])).ShouldBeNull();
        (await BatchGrant(bench.Service, Person, Orders, ["ALTER"])).ShouldBe("AccessDeniedException");
        (await BatchGrant(bench.Service, Person, Orders, ["ALL"])).ShouldBe("AccessDeniedException");
        (await BatchGrant(bench.Service, Person, new { Database = new { Name = "sales" } }, ["DESCRIBE"])).ShouldBeNull();
        (await BatchGrant(bench.Service, Person, new { Database = new { Name = "sales" } }, ["CREATE_TABLE"])).ShouldBe("AccessDeniedException");
        (await BatchGrant(bench.Service, Person, new { Table = new { DatabaseName = "legacy_lake", Name = "access_logs" } }, ["SELECT"])).ShouldBe("AccessDeniedException");
    }

    [Fact]
    public async Task A_tags_creator_grants_on_its_expressions()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Lake("CreateLFTag", new { TagKey = "sluice_r1", TagValues = new[] { "v1", "v2" } })).ShouldSucceed();
        (await BatchGrant(bench.Service, Person, VisibilityTests.Policy("TABLE", ("sluice_r1", ["v1"])), ["SELECT"])).ShouldBeNull();
        (await BatchGrant(bench.Service, Person, VisibilityTests.Policy("TABLE", ("domain", ["hr"])), ["SELECT"])).ShouldBe("AccessDeniedException");
        (await BatchGrant(bench.Service, Person, VisibilityTests.Policy("TABLE", ("sluice_r1", ["v3"])), ["SELECT"])).ShouldBe("EntityNotFoundException");
        (await BatchGrant(bench.Service, Person, VisibilityTests.Policy("TABLE", ("sluice_governed", ["true"])), ["SELECT"])).ShouldBeNull("the documented grant is grantable");
    }

    [Theory]
    [InlineData("CREATE_TABLE", "AccessDeniedException", "InvalidInputException")]
    [InlineData("EVERYTHING", "InvalidInputException", "InvalidInputException")]
    public async Task Permissions_fit_their_resource(string permission, string onDatabase, string onTable)
    {
        await using var bench = await Bench.StartAsync();
        (await BatchGrant(bench.Service, Ada, new { Database = new { Name = "sales" } }, [permission])).ShouldBe(onDatabase);
        (await BatchGrant(bench.Service, Ada, Orders, [permission])).ShouldBe(onTable);
    }

    [Fact]
    public async Task Everything_wrong_with_an_entry_fails_that_entry_alone()
    {
        await using var bench = await Bench.StartAsync();
        (await BatchGrant(bench.Admin, "ada", Orders, ["SELECT"])).ShouldBe("InvalidInputException");
        (await BatchGrant(bench.Admin, Ada, new { }, ["SELECT"])).ShouldBe("InvalidInputException");
        (await BatchGrant(bench.Admin, Ada, Orders, [])).ShouldBe("InvalidInputException");
        (await BatchGrant(bench.Admin, Ada, new { Table = new { DatabaseName = "sales" } }, ["SELECT"])).ShouldBe("InvalidInputException");
        (await BatchGrant(bench.Admin, Ada, Orders, ["SELECT"], ["INSERT"])).ShouldBe("InvalidInputException");
        (await BatchGrant(bench.Admin, "IAM_ALLOWED_PRINCIPALS", Orders, ["SELECT"])).ShouldBe("InvalidInputException");
        (await BatchGrant(bench.Admin, Ada, new { TableWithColumns = new { DatabaseName = "sales", Name = "orders", ColumnNames = new[] { "nothing" } } }, ["SELECT"])).ShouldBe("EntityNotFoundException");
    }

    [Fact]
    public async Task A_batch_takes_twenty_entries_with_ids_of_their_own()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Admin.Lake("BatchGrantPermissions", new { Entries = Entries(20) })).ShouldSucceed();
        (await bench.Admin.Lake("BatchGrantPermissions", new { Entries = Entries(21) })).ShouldFail("InvalidInputException");
        (await bench.Admin.Lake("BatchGrantPermissions", new { Entries = Entries(1).Concat(Entries(1)) })).ShouldFail("InvalidInputException");

        static IEnumerable<object> Entries(int count) => Enumerable.Range(0, count).Select(index => Entry($"{index}", Ada, Orders, ["SELECT"], []));
    }

    [Fact]
    public async Task Granting_twice_is_granting_once()
    {
        await using var bench = await Bench.StartAsync();
        for (var i = 0; i < 2; i++) (await Grant(bench.Admin, Ada, Orders, ["SELECT"])).ShouldSucceed();
        (await Grant(bench.Admin, Ada, Orders, ["DESCRIBE"])).ShouldSucceed();
        (await Held(bench.Admin, Orders, Ada)).ShouldBe(["DESCRIBE", "SELECT"]);
    }

    [Fact]
    public async Task What_is_listed_as_all_columns_can_be_revoked_as_such()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Ada, Orders, ["SELECT", "DESCRIBE"])).ShouldSucceed();
        var listed = (await List(bench.Admin, Orders)).Single(line => PrincipalOf(line) == Ada && line.GetProperty("Resource").TryGetProperty("TableWithColumns", out _));
        (await bench.Admin.Lake("RevokePermissions", new { Principal = new { DataLakePrincipalIdentifier = Ada }, Resource = listed.GetProperty("Resource"), Permissions = new[] { "SELECT" } })).ShouldSucceed();
        (await Held(bench.Admin, Orders, Ada)).ShouldBe(["DESCRIBE"]);
    }

    [Fact]
    public async Task Revoking_what_is_not_held_is_an_error_and_revoking_some_leaves_the_rest()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Ada, Orders, ["SELECT", "INSERT"])).ShouldSucceed();
        (await Revoke("INSERT")).ShouldSucceed();
        (await Held(bench.Admin, Orders, Ada)).ShouldBe(["SELECT"]);
        (await Revoke("INSERT")).ShouldFail("InvalidInputException").Message.ShouldStartWith("No permissions revoked.");
        (await Revoke("SELECT")).ShouldSucceed();
        (await Held(bench.Admin, Orders, Ada)).ShouldBeEmpty();

        Task<Answer> Revoke(string permission) => bench.Admin.Lake("RevokePermissions", new { Principal = new { DataLakePrincipalIdentifier = Ada }, Resource = Orders, Permissions = new[] { permission } });
    }

    [Fact]
    public async Task An_administrator_lists_every_grant_in_pages_and_none_twice()
    {
        await using var bench = await Bench.StartAsync();
        var whole = await List(bench.Admin, resource: null);
        foreach (var size in new[] { 1, 3, 10 })
        {
            var (paged, pages) = await Bench.Collect(token => bench.Admin.Lake("ListPermissions", new { MaxResults = size, NextToken = token }), "PrincipalResourcePermissions");
            paged.ConvertAll(line => line.GetRawText()).ShouldBe(whole.ConvertAll(line => line.GetRawText()));
            pages.ShouldBeGreaterThan(1);
        }
    }

    [Fact]
    public async Task Others_grants_show_only_on_resources_one_may_pass_on_and_only_permissions_one_holds()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, Ada, Orders, ["SELECT", "ALTER"])).ShouldSucceed();
        (await Held(bench.Service, Orders, Ada)).ShouldBe(["SELECT"], "the service holds no ALTER");
        (await Held(bench.Admin, Orders, Ada)).ShouldBe(["ALTER", "SELECT"]);
        using var analyst = bench.As(SandboxCast.Analyst);
        (await List(analyst, resource: null)).ShouldAllBe(line => PrincipalOf(line).EndsWith("/analyst", StringComparison.Ordinal));
        (await List(bench.Service, resource: null)).ShouldNotContain(line => PrincipalOf(line) == "IAM_ALLOWED_PRINCIPALS", "nothing in legacy_lake may be passed on");
    }

    [Fact]
    public async Task Iam_allowed_principals_show_on_a_governed_table_left_in_hybrid_mode()
    {
        await using var bench = await Bench.StartAsync();
        (await Grant(bench.Admin, "IAM_ALLOWED_PRINCIPALS", Orders, ["ALL"])).ShouldSucceed();
        (await Held(bench.Service, Orders, "IAM_ALLOWED_PRINCIPALS")).ShouldBe(["ALL"]);
    }

    [Theory]
    [InlineData("CATALOG", "Catalog")]
    [InlineData("DATABASE", "Database")]
    [InlineData("LF_TAG", "LFTag")]
    [InlineData("LF_TAG_POLICY", "LFTagPolicy")]
    [InlineData("LF_TAG_POLICY_TABLE", "LFTagPolicy")]
    public async Task The_list_is_filtered_by_type(string type, string member)
    {
        await using var bench = await Bench.StartAsync();
        var lines = (await bench.Admin.Lake("ListPermissions", new { ResourceType = type })).ShouldSucceed().Json.GetProperty("PrincipalResourcePermissions");
        lines.GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var line in lines.EnumerateArray()) line.GetProperty("Resource").TryGetProperty(member, out _).ShouldBeTrue(line.GetRawText());
    }

    [Fact]
    public async Task Related_grants_are_those_by_expression_and_on_all_tables()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Admin.Lake("ListPermissions", new { Resource = Orders, IncludeRelated = "TRUE" });
        var lines = answer.ShouldSucceed().Json.GetProperty("PrincipalResourcePermissions").EnumerateArray().ToList();
        lines.Count.ShouldBe(2);
        lines.ShouldAllBe(line => line.GetProperty("Resource").GetProperty("LFTagPolicy").GetProperty("ResourceType").GetString() == "TABLE");
        (await List(bench.Admin, Orders)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("principal", "Resource is mandatory if Principal is set in the input.")]
    [InlineData("columns", "ListPermissions does not support TableWithColumns; call it on the table.")]
    [InlineData("person", "AccountId cannot be null or empty")]
    [InlineData("size", "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000")]
    public async Task Lists_refuse_what_aws_refuses(string mistake, string message)
    {
        await using var bench = await Bench.StartAsync();
        object request = mistake switch
        {
            "principal" => new { Principal = new { DataLakePrincipalIdentifier = Ada } },
            "columns" => new { Resource = new { TableWithColumns = new { DatabaseName = "sales", Name = "orders", ColumnNames = new[] { "order_id" } } } },
            "person" => new { Principal = new { DataLakePrincipalIdentifier = Person }, Resource = Orders },
            _ => new { MaxResults = 1001 },
        };
        (await bench.Service.Lake("ListPermissions", request)).ShouldFail("InvalidInputException").Message.ShouldBe(message);
    }

    private static object Entry(string id, string principal, object resource, string[] permissions, string[] grantable) => new
    {
        Id = id,
        Principal = new { DataLakePrincipalIdentifier = principal },
        Resource = resource,
        Permissions = permissions,
        PermissionsWithGrantOption = grantable,
    };

    private static Task<Answer> Grant(SigningClient client, string principal, object resource, string[] permissions) => client.Lake("GrantPermissions", new
    {
        Principal = new { DataLakePrincipalIdentifier = principal },
        Resource = resource,
        Permissions = permissions,
    });

    /// <summary>The error of the entry; null when it succeeded.</summary>
    private static async Task<string?> BatchGrant(SigningClient client, string principal, object resource, string[] permissions, string[]? grantable = null)
    {
        var answer = await client.Lake("BatchGrantPermissions", new { Entries = new[] { Entry("1", principal, resource, permissions, grantable ?? []) } });
        var failures = answer.ShouldSucceed().Json.GetProperty("Failures");
        return failures.GetArrayLength() == 0 ? null : failures[0].GetProperty("Error").GetProperty("ErrorCode").GetString();
    }

    private static async Task<List<JsonElement>> List(SigningClient client, object? resource) =>
        (await Bench.Collect(token => client.Lake("ListPermissions", new { Resource = resource, NextToken = token }), "PrincipalResourcePermissions")).Items;

    private static async Task<List<string>> Held(SigningClient client, object resource, string principal) =>
        [.. (await List(client, resource)).Where(line => PrincipalOf(line) == principal).SelectMany(line => line.GetProperty("Permissions").EnumerateArray().Select(name => name.GetString()!))];

    private static string PrincipalOf(JsonElement line) => line.GetProperty("Principal").GetProperty("DataLakePrincipalIdentifier").GetString()!;
}
