using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Platforms.Snowflake.Enforcing;
using Sluice.Platforms.Snowflake.Tests.Fakes;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>The scripts, word for word, for every combination of options that changes one.</summary>
public sealed class ScriptTests
{
    private static readonly string[] Ways = ["userPassword", "keyPair", "oAuthCertificate", "oAuthSecret"];

    public static TheoryData<string, bool, bool, bool> Combinations()
    {
        var data = new TheoryData<string, bool, bool, bool>();
        foreach (var way in Ways)
            for (var bits = 0; bits < 8; bits++) data.Add(way, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Setup(string way, bool audit, bool lineage, bool excludes)
    {
        var script = Written(Request(way, audit, lineage, excludes));

        // A certificate or a secret, audit or lineage, and whoever is excluded: the account is set up alike.
        var login = way.StartsWith("oAuth", StringComparison.Ordinal) ? "oAuth" : way;
        Golden.Check(script, $"setup-{login}{(audit || lineage ? "-views" : "")}");
    }

    [Fact]
    public void Edit()
    {
        var stored = Stored("userPassword");

        Golden.Check(Edited(stored, Request("userPassword", true, false, false)), "edit-nothing");
        Golden.Check(Edited(stored, Request("userPassword", false, false, true)), "edit-options");
        Golden.Check(Edited(stored, Request("oAuthSecret", true, false, false)), "edit-to-oauth");
        Golden.Check(Edited(Stored("oAuthSecret"), Request("keyPair", true, true, false)), "edit-from-oauth");
        var moved = Request("userPassword", true, false, false);
        moved["config"]!["warehouse"] = "\"other wh\"";
        moved["config"]!["username"] = "OTHER";
        Golden.Check(Edited(stored, moved), "edit-user-and-warehouse");
    }

    [Fact]
    public void Delete_and_cleanup_are_one_script()
    {
        var platform = Payload.Platform();
        var problems = new ProblemList();

        var delete = platform.WriteDeleteScript(Stored("keyPair"), StandingAccess.None);
        var cleanup = platform.WriteCleanupScript(Parsed(Request("keyPair", true, false, false), problems));

        Golden.Check(delete, "delete");
        cleanup.ShouldBe(delete);
    }

    [Fact]
    public void Grants_that_were_taken_from_others_are_listed()
    {
        var taken = new FactKey(FactKind.Grant, new ObjectPath("snow", "SHOP", "it's", "ORDERS"), "BOB", "SELECT TO USER");

        Golden.Check(Payload.Platform().WriteDeleteScript(Stored("keyPair"), new StandingAccess([], [new TakenGrant(taken, KeptGrant.Write(taken, isGrantable: true))])), "delete-taken");
    }

    [Fact]
    public void Names_of_any_spelling_stay_names_and_never_stand_in_a_comment()
    {
        string[] names = ["quo\"te", "quo'te", "back\\slash", "$$", "--", "/*", "*/", "emoji😀", "x'; DROP DATABASE P; --", "x\"; DROP DATABASE P; --", "a;b", " "];
        for (var i = 0; i < names.Length; i++)
        {
            var request = Request("userPassword", true, false, false);
            var (database, user, warehouse) = (names[i], names[(i + 1) % names.Length], names[(i + 2) % names.Length]);
            var excluded = names[(i + 3) % names.Length].Replace('*', '+');
            request["config"]!["database"] = Spelled(database);
            request["config"]!["username"] = Spelled(user);
            request["config"]!["warehouse"] = Spelled(warehouse);
            request["config"]!["userRolePattern"] = new JsonObject { ["exclude"] = new JsonArray(excluded) };

            // Whatever the names: the same statements and comments, with other tokens in the places of names.
            foreach (var write in (Func<JsonObject, string>[])[Written, Cleaned])
            {
                var (script, plain) = (write(request), write(Request("userPassword", true, false, true)));
                SqlText.Statements(script).Select(s => s.Shape).ShouldBe(SqlText.Statements(plain).Select(s => s.Shape));
                SqlText.Comments(script).ShouldBe(SqlText.Comments(plain));
                SqlText.Statements(script).SelectMany(s => s.Identifiers).ShouldContain(warehouse);
            }
        }
    }

    [Fact]
    public void No_secret_is_in_a_script()
    {
        foreach (var way in Ways)
        {
            var script = Written(Documented.Script(way));
            foreach (var secret in (string[])["s3cret", "cl1ent", "BEGIN PRIVATE KEY"]) script.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("config.database", "\"a\\nb\"", "$.config.database", "control character")]
    [InlineData("config.warehouse", "null", "$.config.warehouse", "is required")]
    [InlineData("config.username", "null", "$.config.username", "is required")]
    [InlineData("config.host", "\"evil.example.com\"", "$.config.host", "not one of")]
    [InlineData("config.workspaces", "{\"enabled\": true}", "$.config.workspaces.enabled", "not available yet")]
    [InlineData("config.useername", "\"x\"", "$.config.useername", "did you mean 'username'")]
    [InlineData("autoBootstrap", "true", "$.autoBootstrap", "must be false")]
    public void What_is_wrong_with_a_request_is_told_at_its_path(string member, string value, string path, string words)
    {
        var request = Documented.Script("userPassword");
        var names = member.Split('.');
        names[..^1].Aggregate((JsonNode)request, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        var problems = new ProblemList();

        Payload.Platform().WriteSetupScript(Parsed(request, problems)).ShouldBeNull();

        problems.ByPath().Keys.ShouldContain(path);
        string.Join(' ', problems.ByPath()[path]).ShouldContain(words);
    }

    [Fact]
    public void A_key_in_a_request_for_a_script_is_not_looked_at()
    {
        var request = Documented.Script("keyPair");
        request["config"]!["privateKey"] = "<-----BEGIN PRIVATE KEY-----your-private-key-----END PRIVATE KEY----->";

        Written(request).ShouldContain("CREATE USER IF NOT EXISTS \"SLUICE\" TYPE = SERVICE COMMENT");
    }

    [Fact]
    public void The_database_of_an_integration_stays()
    {
        var problems = new ProblemList();
        var request = Request("userPassword", true, false, false);
        request["config"]!["database"] = "OTHER";
        request["config"]!["warehouse"] = null;

        Payload.Platform().WriteEditScript(Stored("userPassword"), Parsed(request, problems)).ShouldBeNull();

        problems.Select(p => p.Path).ShouldBe(["$.config.database", "$.config.warehouse"], ignoreOrder: true);
    }

    private static JsonObject Request(string way, bool audit, bool lineage, bool excludes)
    {
        var request = Documented.Script(way);
        var switches = way.StartsWith("oAuth", StringComparison.Ordinal) ? request["config"]!["oAuthClientConfig"]! : request["config"]!;
        switches["audit"]!["enabled"] = audit;
        switches["lineage"]!["enabled"] = lineage;
        if (excludes) switches["userRolePattern"]!["exclude"] = new JsonArray("ETL_ROLE", "o'brien");
        return request;
    }

    private static JsonElement Stored(string way) => Payload.Accepted(way switch
    {
        "userPassword" => Documented.UserPassword(),
        "keyPair" => Documented.KeyPair(Keys.Plain),
        _ => Documented.OAuthSecret(),
    }).Integration!.Value;

    private static string Written(JsonObject request)
    {
        var problems = new ProblemList();
        var script = Payload.Platform().WriteSetupScript(Parsed(request, problems));
        problems.ShouldBeEmpty();
        return script!;
    }

    private static string Cleaned(JsonObject request) => Payload.Platform().WriteCleanupScript(Parsed(request, new ProblemList()))!;

    private static string Edited(JsonElement stored, JsonObject request)
    {
        var problems = new ProblemList();
        var script = Payload.Platform().WriteEditScript(stored, Parsed(request, problems));
        problems.ShouldBeEmpty();
        return script!;
    }

    private static PayloadObject Parsed(JsonObject request, ProblemList problems) =>
        new(JsonElement.Parse(Encoding.UTF8.GetBytes(request.ToJsonString())), "$", problems);

    private static string Spelled(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
