using System.Text.Json.Nodes;
using Sluice.Core.Payloads;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks.Tests.Connections;

public sealed class ReadConnectionTests
{
    private static readonly EgressPolicy Anywhere = new();

    [Fact]
    public void The_documented_token_registration_is_read_with_its_secret_apart()
    {
        var spec = Read(Documented.TokenRegistration);

        spec.AuthenticationType.ShouldBe("token");
        spec.Document.GetRawText().ShouldBe(
            """{"technology":"Databricks","hostname":"www.your-workspace.cloud.databricks.com","port":443,"httpPath":"/sql/1.0/warehouses/abc123","authenticationType":"token"}""");
        spec.Integration!.Value.GetRawText().ShouldBe(
            """{"type":"Databricks","autoBootstrap":false,"unityCatalog":true,"config":{"authenticationType":"token","host":"www.your-workspace.cloud.databricks.com","port":443,"httpPath":"/sql/1.0/warehouses/abc123","catalog":"new_catalog","audit":{"enabled":true},"workspaceIds":["1234567890","1234567891"],"enableNativeQueryParsing":false,"groupPattern":{"deny":"exempt group"},"jobConfig":{"workspaceDirectoryPath":"/Workspace/Artifacts","jobClusterId":"undefined"}}}""");
        spec.Secrets.ShouldBe([new("token", new SecretInput.Literal("dapi-PLANTED-SECRET"))]);
    }

    [Fact]
    public void The_documented_oauth_registration_is_read_with_its_secret_apart()
    {
        var spec = Read(Documented.OAuthRegistration);

        spec.AuthenticationType.ShouldBe("oAuthM2M");
        spec.Document.GetProperty("oAuthClientConfig").GetRawText().ShouldBe(
            """{"useCertificate":false,"clientId":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee","scope":"all-apis","authorityUrl":"https://your.authority.com/"}""");
        spec.Integration!.Value.GetRawText().ShouldNotContain("PLANTED");
        spec.Secrets.ShouldBe([new("oAuthClientConfig.clientSecret", new SecretInput.Literal("dose-PLANTED-SECRET"))]);
    }

    [Theory]
    [InlineData(Documented.TokenRegistration)]
    [InlineData(Documented.OAuthRegistration)]
    public void What_is_stored_yields_itself_when_it_is_read_again(string registration)
    {
        var stored = Payload.Stored(Read(registration));

        foreach (var body in new[]
                 {
                     $$"""{"connection": {{stored.Document}}, "nativeIntegration": {{stored.Integration}} }""",
                     $$"""{"connection": {{stored.Document}} }""",
                 })
        {
            var (again, problems) = Payload.Read(body, stored, Anywhere);

            problems.ShouldBeEmpty();
            again!.Document.GetRawText().ShouldBe(stored.Document.GetRawText());
            again.Integration!.Value.GetRawText().ShouldBe(stored.Integration!.Value.GetRawText());
            again.SecretDestination.ShouldBe(stored.SecretDestination);
            again.Secrets.Values.ShouldAllBe(s => s is SecretInput.Kept);
        }
    }

    [Theory]
    [InlineData(Documented.TokenScript, Documented.TokenRegistration)]
    [InlineData(Documented.OAuthScript, Documented.OAuthRegistration)]
    public void A_scripts_config_can_be_pasted_unchanged(string script, string registration)
    {
        var body = JsonNode.Parse(registration)!.AsObject();
        body["connection"]!["httpPath"] = "sql/protocolv1/o/0/0123-456789-abcde123";
        body["nativeIntegration"]!["config"] = JsonNode.Parse(script)!["config"]!.DeepClone();

        var (spec, problems) = Payload.Read(body.ToJsonString());

        problems.ShouldBeEmpty();
        spec!.Integration!.Value.GetProperty("config").GetProperty("httpPath").GetString().ShouldBe("sql/protocolv1/o/0/0123-456789-abcde123");
    }

    [Theory]
    [InlineData("false", true, false)]
    [InlineData("true", true, true)]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    public void Lineage_is_read_with_the_audit_unless_it_is_switched_off(string? lineage, bool isAudited, bool isRead)
    {
        var body = JsonNode.Parse(Documented.TokenRegistration)!.AsObject();
        var config = body["nativeIntegration"]!["config"]!;
        config["audit"] = JsonNode.Parse($$"""{"enabled": {{(isAudited ? "true" : "false")}}}""");
        if (lineage is not null) config["lineage"] = JsonNode.Parse($$"""{"enabled": {{lineage}}}""");

        var (spec, problems) = Payload.Read(body.ToJsonString());

        problems.ShouldBeEmpty();
        var document = spec!.Integration!.Value;
        document.GetProperty("config").TryGetProperty("lineage", out _).ShouldBe(lineage is not null);
        IntegrationSettings.FromDocument(document).ReadsLineage.ShouldBe(isRead);
    }

    public static TheoryData<string, string, string, string> Problems => new()
    {
        { "connection.technology", "\"databricks\"", "$.connection.technology", "must be Databricks" },
        { "connection.hostname", "null", "$.connection.hostname", "is required" },
        { "connection.hostname", "\"https://a.cloud.databricks.com/sql\"", "$.connection.hostname", "must be a host alone, without a path" },
        { "connection.hostname", "\"a.cloud.databricks.com:443\"", "$.connection.hostname", "must be a host alone, without a port, which is a member of its own" },
        { "connection.hostname", "\"ftp://a.cloud.databricks.com\"", "$.connection.hostname", "must be a host alone; of schemes https:// is taken off, and no other is known" },
        { "connection.hostname", "\"http://www.your-workspace.cloud.databricks.com\"", "$.connection.hostname", "Without TLS only this machine may be connected to: use https." },
        { "connection.hostname", "\"evilcloud.databricks.com.example\"", "$.connection.hostname", "The host is not one of cloud.databricks.com, cloud.databricks.us, azuredatabricks.net, databricks.azure.us, databricks.azure.cn, gcp.databricks.com; only the operator can allow others, with --allow-host or --allow-network." },
        { "connection.hostname", "\"other.cloud.databricks.com\"", "$.nativeIntegration.config.host", "must be the same as $.connection.hostname: 'www.your-workspace.cloud.databricks.com' is not 'other.cloud.databricks.com'" },
        { "connection.port", "null", "$.connection.port", "is required; a workspace answers at 443" },
        { "connection.port", "444", "$.nativeIntegration.config.port", "must be the same as $.connection.port: '443' is not '444'" },
        { "connection.port", "0", "$.connection.port", "must be from 1 to 65535, not 0" },
        { "connection.httpPath", "\"/sql/2.0/warehouses/x\"", "$.connection.httpPath", "must be the HTTP path of a SQL warehouse (/sql/1.0/warehouses/<id>) or of a cluster (sql/protocolv1/o/<workspace>/<cluster>), as its connection details show it" },
        { "connection.authenticationType", "\"pat\"", "$.connection.authenticationType", "must be token or oAuthM2M" },
        { "connection.token", "null", "$.connection.token", "is required" },
        { "connection.token", "\"[REDACTED]\"", "$.connection.token", "is required" },
        { "connection.token", "\"a b\"", "$.connection.token", "holds a space or another character that no Databricks secret has" },
        { "connection.token", "\"dapi-another\"", "$.nativeIntegration.config.token", "must be the same as $.connection.token" },
        { "connection.oAuthClientConfig", "{}", "$.connection.oAuthClientConfig", "contradicts authenticationType token; it belongs to oAuthM2M" },
        { "connection.tokn", "\"x\"", "$.connection.tokn", "is not a known member; did you mean 'token'?" },
        { "nativeIntegration", "null", "$.nativeIntegration", "is required" },
        { "nativeIntegration.type", "\"Snowflake\"", "$.nativeIntegration.type", "must be Databricks, the same as $.connection.technology" },
        { "nativeIntegration.autoBootstrap", "true", "$.nativeIntegration.autoBootstrap", "must be false: the setup script is run by a person" },
        { "nativeIntegration.autoBootstrap", "null", "$.nativeIntegration.autoBootstrap", "is required" },
        { "nativeIntegration.unityCatalog", "false", "$.nativeIntegration.unityCatalog", "must be true: only Unity Catalog is governed" },
        { "nativeIntegration.unityCatalog", "null", "$.nativeIntegration.unityCatalog", "is required" },
        { "nativeIntegration.config.host", "null", "$.nativeIntegration.config.host", "is required (in a script's config it is called workspaceUrl)" },
        { "nativeIntegration.config.workspaceUrl", "\"other.cloud.databricks.com\"", "$.nativeIntegration.config.workspaceUrl", "must be the same as $.nativeIntegration.config.host" },
        { "nativeIntegration.config.httpPath", "\"/sql/1.0/warehouses/other\"", "$.nativeIntegration.config.httpPath", "must be the same as $.connection.httpPath: '/sql/1.0/warehouses/other' is not '/sql/1.0/warehouses/abc123'" },
        { "nativeIntegration.config.port", "null", "$.nativeIntegration.config.port", "is required, the same as $.connection.port" },
        { "nativeIntegration.config.token", "null", "$.nativeIntegration.config.token", "is required, the same as $.connection.token" },
        { "nativeIntegration.config.lineage", "{\"enabled\": 1}", "$.nativeIntegration.config.lineage.enabled", "must be true or false, not a number" },
        { "nativeIntegration.config.catalog", "\"1st\"", "$.nativeIntegration.config.catalog", "may only hold letters, digits and underscores, and must not start with a digit" },
        { "nativeIntegration.config.catalog", "\"a-b\"", "$.nativeIntegration.config.catalog", "may only hold letters, digits and underscores, and must not start with a digit" },
        { "nativeIntegration.config.catalog", "\"a\\n\"", "$.nativeIntegration.config.catalog", "may only hold letters, digits and underscores, and must not start with a digit" },
        { "nativeIntegration.config.catalog", "\"System\"", "$.nativeIntegration.config.catalog", "is a catalog of Databricks' own; name a new one" },
        { "nativeIntegration.config.workspaceIds", "[\"1\", \"w\"]", "$.nativeIntegration.config.workspaceIds[1]", "must be the digits of a workspace id (the o= of the workspace's URL)" },
        { "nativeIntegration.config.workspaceIds", "[1]", "$.nativeIntegration.config.workspaceIds[0]", "must be a string, not a number" },
        { "nativeIntegration.config.groupPattern", "{\"allow\": \"x\"}", "$.nativeIntegration.config.groupPattern.allow", "is not a known member" },
        { "nativeIntegration.config.groupPattern", "{\"deny\": \"a\\u0007\"}", "$.nativeIntegration.config.groupPattern.deny", "holds a control character" },
        { "nativeIntegration.config.jobConfig", "{\"workspaceDirectoryPath\": \"x\"}", "$.nativeIntegration.config.jobConfig.workspaceDirectoryPath", "must be the absolute path of a workspace directory, such as /Workspace/Sluice" },
        { "nativeIntegration.config.enableNativeQueryParsing", "\"no\"", "$.nativeIntegration.config.enableNativeQueryParsing", "must be true or false, not a string" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Each_problem_is_named_at_its_path(string member, string value, string path, string message)
    {
        var (_, problems) = Payload.Read(With(Documented.TokenRegistration, member, value));

        problems.ShouldContainKey(path);
        problems[path].ShouldContain(message);
        string.Join(' ', problems.Values.SelectMany(m => m)).ShouldNotContain("PLANTED");
    }

    public static TheoryData<string, string, string, string> OAuthProblems => new()
    {
        { "connection.oAuthClientConfig.useCertificate", "true", "$.connection.oAuthClientConfig.useCertificate", "must be false: Databricks takes the client secret, certificates are not available" },
        { "connection.oAuthClientConfig.clientId", "null", "$.connection.oAuthClientConfig.clientId", "is required" },
        { "connection.oAuthClientConfig.clientId", "\"other\"", "$.nativeIntegration.config.oAuthClientConfig.clientId", "must be the same as $.connection.oAuthClientConfig.clientId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' is not 'other'" },
        { "connection.oAuthClientConfig.clientId", "\"account users\"", "$.connection.oAuthClientConfig.clientId", "must be the application id of a service principal, such as 01234567-89ab-cdef-0123-456789abcdef" },
        { "connection.oAuthClientConfig.clientSecret", "null", "$.connection.oAuthClientConfig.clientSecret", "is required" },
        { "connection.oAuthClientConfig.clientSecret", "\"other\"", "$.nativeIntegration.config.oAuthClientConfig.clientSecret", "must be the same as $.connection.oAuthClientConfig.clientSecret" },
        { "connection.oAuthClientConfig.scope", "\"sql\"", "$.nativeIntegration.config.oAuthClientConfig.scope", "must be the same as $.connection.oAuthClientConfig.scope: 'all-apis' is not 'sql'" },
        { "connection.oAuthClientConfig.authorityUrl", "\"http://your.authority.com\"", "$.connection.oAuthClientConfig.authorityUrl", "Without TLS only this machine may be connected to: use https." },
        { "connection.oAuthClientConfig.authorityUrl", "\"https://169.254.169.254/token\"", "$.connection.oAuthClientConfig.authorityUrl", "Link-local, metadata, multicast and reserved addresses are never allowed." },
        { "connection.oAuthClientConfig.authorityUrl", "\"https://a b\"", "$.connection.oAuthClientConfig.authorityUrl", "must be an absolute https URL: the authority's token endpoint, its discovery document, or the address below which that lies" },
        { "connection.token", "\"x\"", "$.connection.token", "contradicts authenticationType oAuthM2M; it belongs to token" },
        { "connection.authenticationType", "\"token\"", "$.nativeIntegration.config.authenticationType", "must be the same as $.connection.authenticationType: 'oAuthM2M' is not 'token'" },
    };

    [Theory]
    [MemberData(nameof(OAuthProblems))]
    public void Each_problem_of_a_client_is_named_at_its_path(string member, string value, string path, string message)
    {
        var (_, problems) = Payload.Read(With(Documented.OAuthRegistration, member, value));

        problems.ShouldContainKey(path);
        problems[path].ShouldContain(message);
        string.Join(' ', problems.Values.SelectMany(m => m)).ShouldNotContain("PLANTED");
    }

    [Fact]
    public void A_mismatch_is_named_whatever_else_is_wrong()
    {
        var body = With(With(Documented.TokenRegistration, "connection.port", "0"), "nativeIntegration.config.host", "\"other.cloud.databricks.com\"");

        Payload.Read(body).Problems.ShouldContainKey("$.nativeIntegration.config.host");
        var client = With(With(Documented.OAuthRegistration, "connection.httpPath", "\"x\""), "nativeIntegration.config.oAuthClientConfig.scope", "\"sql\"");
        Payload.Read(client).Problems.ShouldContainKey("$.nativeIntegration.config.oAuthClientConfig.scope");
    }

    [Fact]
    public void What_a_config_leaves_out_is_the_connections()
    {
        var body = With(With(Documented.OAuthRegistration, "connection.oAuthClientConfig.scope", "\"sql\""), "nativeIntegration.config.oAuthClientConfig.scope", "null");

        Read(body).Integration!.Value.GetProperty("config").GetProperty("oAuthClientConfig").GetProperty("scope").GetString().ShouldBe("sql");
    }

    [Fact]
    public void A_redacted_secret_stands_for_one_that_is_stored()
    {
        var body = With(Documented.TokenRegistration, "nativeIntegration.config.token", "\"[REDACTED]\"");

        Payload.Read(body).Problems.ShouldHaveSingleItem().ShouldBe(
            new("$.nativeIntegration.config.token", ["is required, the same as $.connection.token"]), new SameProblem());
        Payload.Read(body, Payload.Stored(Read(Documented.TokenRegistration)), Anywhere).Problems.ShouldNotContainKey("$.nativeIntegration.config.token");
    }

    [Theory]
    [InlineData("1234567890", "0", true)]
    [InlineData("0", "1234567890", true)]
    [InlineData("1234567890", "1234567891", false)]
    public void Workspace_0_is_the_one_that_is_connected_to(string connection, string config, bool same)
    {
        var body = With(
            With(Documented.TokenRegistration, "connection.httpPath", $"\"sql/protocolv1/o/{connection}/0123-456789-abcde123\""),
            "nativeIntegration.config.httpPath", $"\"sql/protocolv1/o/{config}/0123-456789-abcde123\"");

        Payload.Read(body).Problems.ContainsKey("$.nativeIntegration.config.httpPath").ShouldBe(!same);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var (_, problems) = Payload.Read("""{"connection": {"technology": "Databricks", "port": "x"}, "nativeIntegration": {"config": {"catalog": "1"}}}""");

        problems.Keys.ShouldBe(
            [
                "$.connection.hostname", "$.connection.port", "$.connection.httpPath", "$.connection.authenticationType", "$.nativeIntegration.type",
                "$.nativeIntegration.autoBootstrap", "$.nativeIntegration.unityCatalog", "$.nativeIntegration.config.host", "$.nativeIntegration.config.authenticationType",
                "$.nativeIntegration.config.catalog", "$.nativeIntegration.config.port",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("https://WWW.your-workspace.cloud.databricks.com/")]
    [InlineData("www.your-workspace.cloud.databricks.com.")]
    public void Spellings_of_one_host_are_one_host(string host) =>
        Read(With(Documented.TokenRegistration, "connection.hostname", $"\"{host}\"")).Document.GetRawText().ShouldBe(Read(Documented.TokenRegistration).Document.GetRawText());

    [Theory]
    [InlineData("sql/1.0/warehouses/abc123")]
    [InlineData("/sql/1.0/endpoints/abc123")]
    public void Spellings_of_one_warehouse_are_one_warehouse(string path) =>
        Read(With(Documented.TokenRegistration, "connection.httpPath", $"\"{path}\"")).Document.GetProperty("httpPath").GetString().ShouldBe("/sql/1.0/warehouses/abc123");

    [Fact]
    public void A_change_of_where_the_secret_goes_asks_for_it_again()
    {
        var stored = Payload.Stored(Read(Documented.TokenRegistration));
        var moved = JsonNode.Parse(stored.Document.GetRawText())!.AsObject();
        moved["hostname"] = "other.cloud.databricks.com";

        var (_, problems) = Payload.Read($$"""{"connection": {{moved.ToJsonString()}} }""", stored, Anywhere);

        problems.ShouldHaveSingleItem().Key.ShouldBe("$.connection.token");
    }

    [Fact]
    public void An_update_of_the_connection_alone_keeps_the_integration_but_for_what_is_the_same()
    {
        var stored = Payload.Stored(Read(Documented.TokenRegistration));
        var moved = JsonNode.Parse(stored.Document.GetRawText())!.AsObject();
        moved["hostname"] = "other.cloud.databricks.com";
        moved["token"] = "dapi-new";

        var (spec, problems) = Payload.Read($$"""{"connection": {{moved.ToJsonString()}} }""", stored, Anywhere);

        problems.ShouldBeEmpty();
        var config = spec!.Integration!.Value.GetProperty("config");
        config.GetProperty("host").GetString().ShouldBe("other.cloud.databricks.com");
        config.GetProperty("catalog").GetString().ShouldBe("new_catalog");
    }

    [Fact]
    public void A_secret_that_is_changed_in_the_integration_alone_is_refused()
    {
        var stored = Payload.Stored(Read(Documented.TokenRegistration));
        var integration = JsonNode.Parse(stored.Integration!.Value.GetRawText())!.AsObject();
        integration["config"]!["token"] = "dapi-new-PLANTED";

        var (_, problems) = Payload.Read($$"""{"nativeIntegration": {{integration.ToJsonString()}} }""", stored, Anywhere);

        problems.ShouldHaveSingleItem().ShouldBe(new("$.nativeIntegration.config.token", ["is changed here alone: bring it in $.connection.token too"]), new SameProblem());
    }

    private static ConnectionSpec Read(string body)
    {
        var (spec, problems) = Payload.Read(body);
        problems.ShouldBeEmpty();
        return spec!;
    }

    private static string With(string body, string path, string value)
    {
        var root = JsonNode.Parse(body)!.AsObject();
        var node = root;
        var names = path.Split('.');
        foreach (var name in names[..^1]) node = node[name]!.AsObject();
        node[names[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    private sealed class SameProblem : IEqualityComparer<KeyValuePair<string, string[]>>
    {
        public bool Equals(KeyValuePair<string, string[]> x, KeyValuePair<string, string[]> y) => x.Key == y.Key && x.Value.SequenceEqual(y.Value);

        public int GetHashCode(KeyValuePair<string, string[]> pair) => pair.Key.GetHashCode(StringComparison.Ordinal);
    }
}
