using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Databricks.Tests.Setup;

/// <summary>The scripts against files that a person has read.</summary>
public sealed class ScriptTests
{
    [Theory]
    [InlineData("create-token-audit", Documented.TokenScript, true)]
    [InlineData("create-token", Documented.TokenScript, false)]
    [InlineData("create-oauth-audit", Documented.OAuthScript, true)]
    [InlineData("create-oauth", Documented.OAuthScript, false)]
    public void The_setup_script_is_what_was_read(string file, string body, bool isAudited)
    {
        var (script, problems) = Payload.Script(With(body, c => c["audit"]!["enabled"] = isAudited), (p, r) => p.WriteSetupScript(r));

        problems.ShouldBeEmpty();
        Golden.Check(script!, file);
    }

    [Theory]
    [InlineData("delete-token-audit", Documented.TokenRegistration, true)]
    [InlineData("delete-token", Documented.TokenRegistration, false)]
    [InlineData("delete-oauth-audit", Documented.OAuthRegistration, true)]
    [InlineData("delete-oauth", Documented.OAuthRegistration, false)]
    public void The_delete_script_is_what_was_read(string file, string registration, bool isAudited) =>
        Golden.Check(Payload.Platform().WriteDeleteScript(Stored(registration, c => c["audit"]!["enabled"] = isAudited), StandingAccess.None), file);

    [Fact]
    public void What_stands_is_taken_away_by_name()
    {
        var table = new ObjectPath("unity", "shop", "it's", "orders");
        FactKey[] facts =
        [
            new(FactKind.Audience, null, "SLUICE_readers"), new(FactKind.Grant, table.Parent!.Parent, "ann@acme.example", "USE_CATALOG"), new(FactKind.Grant, table.Parent, "ann@acme.example", "USE_SCHEMA"),
            new(FactKind.Grant, table, "ann@acme.example", "SELECT"), new(FactKind.Mask, table, "e-mail"), new(FactKind.RowRule, table, "rows"),
        ];
        var standing = new StandingAccess(facts, [new TakenGrant(new FactKey(FactKind.Grant, table, "bob@acme.example", "MODIFY"), "")]) { IsUnseen = true };

        Golden.Check(Payload.Platform().WriteDeleteScript(Stored(Documented.TokenRegistration, static c => c["audit"]!["enabled"] = false), standing), "delete-standing");
    }

    [Theory]
    [InlineData("delete-token-audit", Documented.TokenScript)]
    [InlineData("delete-oauth-audit", Documented.OAuthScript)]
    public void The_cleanup_script_is_the_delete_script(string file, string body)
    {
        var (script, problems) = Payload.Script(body, (p, r) => p.WriteCleanupScript(r));

        problems.ShouldBeEmpty();
        Golden.Check(script!, file);
    }

    [Theory]
    [InlineData("edit-nothing", "")]
    [InlineData("edit-audit-off", "audit")]
    [InlineData("edit-catalog", "catalog")]
    [InlineData("edit-principal", "principal")]
    [InlineData("edit-principal-catalog", "principal catalog")]
    [InlineData("edit-principal-audit-off", "principal audit")]
    public void The_edit_script_is_what_was_read(string file, string change)
    {
        var stored = Stored(Documented.OAuthRegistration, _ => { });
        var body = With(Documented.OAuthScript, c =>
        {
            if (change.Contains("audit", StringComparison.Ordinal)) c["audit"]!["enabled"] = false;
            if (change.Contains("catalog", StringComparison.Ordinal)) c["catalog"] = "other_catalog";
            if (change.Contains("principal", StringComparison.Ordinal)) c["oAuthClientConfig"]!["clientId"] = "BBBBBBBB-bbbb-cccc-dddd-eeeeeeeeeeee";
        });

        var (script, problems) = Payload.Script(body, (p, r) => p.WriteEditScript(stored, r));

        problems.ShouldBeEmpty();
        Golden.Check(script!, file);
    }

    [Theory]
    [InlineData("edit-to-token", Documented.OAuthRegistration, Documented.TokenScript)]
    [InlineData("edit-from-token", Documented.TokenRegistration, Documented.OAuthScript)]
    [InlineData("edit-token-to-token", Documented.TokenRegistration, Documented.TokenScript)]
    public void The_edit_script_of_a_token_is_what_was_read(string file, string registration, string body)
    {
        var (script, problems) = Payload.Script(body, (p, r) => p.WriteEditScript(Stored(registration, _ => { }), r));

        problems.ShouldBeEmpty();
        Golden.Check(script!, file);
    }

    [Theory]
    [InlineData(Documented.OAuthRegistration, Documented.TokenScript)]
    [InlineData(Documented.TokenRegistration, Documented.TokenScript)]
    public void Where_a_principal_is_not_known_what_it_needs_is_granted_and_a_former_one_loses_nothing_that_may_be_its_own(string registration, string body)
    {
        var (script, _) = Payload.Script(body, (p, r) => p.WriteEditScript(Stored(registration, _ => { }), r));

        script.ShouldNotBeNull().ShouldContain("GRANT USE CATALOG, USE SCHEMA, CREATE TABLE");
        foreach (var revoke in script.Split('\n').Where(l => l.Contains("REVOKE", StringComparison.Ordinal) && !l.StartsWith("--", StringComparison.Ordinal)))
            revoke.ShouldContain("CASE WHEN lower(session.sluice_principal) = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' THEN 'SELECT");
    }

    [Fact]
    public void Audit_that_is_turned_off_is_taken_from_a_token_too()
    {
        var off = With(Documented.TokenScript, c => c["audit"]!["enabled"] = false);

        var (script, _) = Payload.Script(off, (p, r) => p.WriteEditScript(Stored(Documented.TokenRegistration, _ => { }), r));

        script.ShouldNotBeNull().ShouldContain("'REVOKE SELECT ON TABLE system.access.audit FROM `'");
    }

    [Theory]
    [InlineData("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")]
    [InlineData("account users", null)]
    [InlineData("somebody@acme.example", null)]
    public async Task What_the_workspace_says_a_token_is_must_be_an_application_id(string name, string? expected)
    {
        await using var workspace = await FakeWorkspace.StartAsync();
        workspace.On("GET", "/api/2.0/preview/scim/v2/Me", $$"""{"userName":"{{name}}"}""");
        var body = With(Documented.TokenScript, c => (c["workspaceUrl"], c["port"]) = ("http://127.0.0.1", workspace.Address.Port));
        using var parsed = JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(body), out _);

        var principal = await Payload.Platform(FakeWorkspace.Loopback).FindPrincipalAsync(new PayloadObject(parsed!.RootElement, "$", new ProblemList()), default);

        principal.ShouldBe(expected);
    }

    [Fact]
    public void Nothing_is_done_with_the_own_catalog_but_from_its_mark()
    {
        foreach (var (script, _) in new[]
                 {
                     Payload.Script(Documented.OAuthScript, (p, r) => p.WriteSetupScript(r)), Payload.Script(Documented.TokenScript, (p, r) => p.WriteSetupScript(r)),
                     Payload.Script(Documented.OAuthScript, (p, r) => p.WriteCleanupScript(r)),
                     Payload.Script(Documented.TokenScript, (p, r) => p.WriteEditScript(Stored(Documented.OAuthRegistration, _ => { }), r)),
                 })
        {
            foreach (var statement in script.ShouldNotBeNull().Split(";\n").Where(s => s.Contains("`new_catalog`", StringComparison.Ordinal) && !s.Contains("CREATE CATALOG", StringComparison.Ordinal)))
                statement.ShouldContain("comment = 'Made by Sluice, instance instance-1.");
        }
    }

    [Fact]
    public void The_edit_script_turns_audit_on()
    {
        var stored = Stored(Documented.OAuthRegistration, c => c["audit"]!["enabled"] = false);

        var (script, _) = Payload.Script(Documented.OAuthScript, (p, r) => p.WriteEditScript(stored, r));

        Golden.Check(script!, "edit-audit-on");
    }

    [Fact]
    public void No_script_holds_a_secret_or_a_name_in_a_comment()
    {
        var body = With(Documented.OAuthScript, c => c["oAuthClientConfig"]!["clientId"] = "dddddddd-bbbb-cccc-dddd-eeeeeeeeeeee");
        var stored = Stored(Documented.OAuthRegistration, _ => { });
        foreach (var (script, _) in new[]
                 {
                     Payload.Script(body, (p, r) => p.WriteSetupScript(r)), Payload.Script(body, (p, r) => p.WriteCleanupScript(r)),
                     Payload.Script(body, (p, r) => p.WriteEditScript(stored, r)),
                 })
        {
            script.ShouldNotBeNull().ShouldNotContain("PLANTED-SECRET");
            foreach (var line in script.Split('\n').Where(l => l.Contains("--", StringComparison.Ordinal)))
            {
                line.ShouldNotContain("dddddddd-bbbb-cccc-dddd-eeeeeeeeeeee");
                line.ShouldNotContain("new_catalog");
            }
        }
    }

    public static TheoryData<string, string, string, string> Problems => new()
    {
        { "type", "\"Snowflake\"", "$.type", "must be Databricks" },
        { "autoBootstrap", "true", "$.autoBootstrap", "must be false: the script is run by a person" },
        { "config.workspaceUrl", "null", "$.config.host", "is required (in a script's config it is called workspaceUrl)" },
        { "config.httpPath", "null", "$.config.httpPath", "is required" },
        { "config.token", "null", "$.config.token", "is required" },
        { "config.catalog", "\"x;y\"", "$.config.catalog", "may only hold letters, digits and underscores, and must not start with a digit" },
        { "config.wat", "1", "$.config.wat", "is not a known member" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Each_problem_of_a_request_is_named_at_its_path(string member, string value, string path, string message)
    {
        var body = JsonNode.Parse(Documented.TokenScript)!.AsObject();
        var node = member.StartsWith("config.", StringComparison.Ordinal) ? body["config"]!.AsObject() : body;
        node[member.Split('.')[^1]] = JsonNode.Parse(value);

        var (_, problems) = Payload.Script(body.ToJsonString(), (p, r) => p.WriteSetupScript(r));

        problems.ShouldHaveSingleItem().Key.ShouldBe(path);
        problems[path].ShouldBe([message]);
    }

    private static System.Text.Json.JsonElement Stored(string registration, Action<JsonObject> change)
    {
        var body = JsonNode.Parse(registration)!.AsObject();
        change(body["nativeIntegration"]!["config"]!.AsObject());
        var (spec, problems) = Payload.Read(body.ToJsonString());
        problems.ShouldBeEmpty();
        return spec!.Integration!.Value;
    }

    private static string With(string body, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(body)!.AsObject();
        change(root["config"]!.AsObject());
        return root.ToJsonString();
    }
}
