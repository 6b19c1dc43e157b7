using System.Text.Json.Nodes;
using Sluice.Core.Payloads;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>An update: what is left out stays, and a secret that would go elsewhere is asked for again.</summary>
public sealed class UpdateTests
{
    private static readonly ConnectionSpec Stored = Payload.Stored(Payload.Accepted(Documented.UserPassword()));

    [Fact]
    public void Another_warehouse_is_the_integrations_too()
    {
        var payload = Update(c => c["warehouse"] = "OTHER");

        var spec = Payload.Accepted(payload, Stored);

        spec.Integration!.Value.Text("config", "warehouse").ShouldBe("OTHER");
        spec.Integration!.Value.Text("config", "database").ShouldBe("GOVERNED");
        spec.Secrets["password"].ShouldBe(new SecretInput.Kept());
    }

    [Theory]
    [InlineData("hostname", "acme-test.snowflakecomputing.com")]
    [InlineData("username", "OTHER")]
    [InlineData("account", "other")]
    public void A_secret_that_would_go_elsewhere_must_be_brought_again(string member, string value)
    {
        var payload = Update(c => c[member] = value);

        var problems = Payload.Read(payload, Stored).Problems;

        problems.Single().Key.ShouldBe("$.connection.password");
        problems.Single().Value.Single().ShouldContain("brought again");
    }

    [Fact]
    public void A_new_secret_in_the_integration_alone_is_not_enough()
    {
        var payload = Update(_ => { });
        payload["nativeIntegration"] = Documented.UserPassword()["nativeIntegration"]!.DeepClone();

        Payload.Read(payload, Stored).Problems["$.nativeIntegration.config.password"].Single().ShouldContain("$.connection.password");
    }

    [Fact]
    public void The_database_stays()
    {
        var payload = Update(_ => { });
        payload["nativeIntegration"] = JsonNode.Parse("""{"type": "Snowflake", "autoBootstrap": false, "config": {"database": "OTHER"}}""");

        Payload.Read(payload, Stored).Problems["$.nativeIntegration.config.database"].Single().ShouldContain("can't be changed");
    }

    [Fact]
    public void What_an_update_may_not_do_is_told_together_with_all_else()
    {
        var payload = Update(c => (c["hostname"], c["role"], c["warehouse"]) = ("acme-test.snowflakecomputing.com", "\"half", "half\""));
        payload["nativeIntegration"] = JsonNode.Parse("""{"type": "Snowflake", "autoBootstrap": false, "config": {"database": "OTHER", "audit": {}}}""");

        var problems = Payload.Read(payload, Stored).Problems;

        problems.Keys.ShouldBe(
            ["$.connection.role", "$.connection.warehouse", "$.connection.password", "$.nativeIntegration.config.database", "$.nativeIntegration.config.audit.enabled"],
            ignoreOrder: true);
        problems["$.connection.password"].Single().ShouldContain("brought again");
    }

    [Fact]
    public void Another_way_to_log_in_forgets_the_secret_of_the_first()
    {
        var spec = Payload.Accepted(Documented.KeyPair(Keys.Plain), Stored);

        spec.Secrets.Keys.ShouldBe(["privateKey.content"]);
    }

    [Fact]
    public void A_new_key_without_a_password_forgets_the_password_of_the_old_one()
    {
        var stored = Payload.Stored(Payload.Accepted(Documented.KeyPair(Keys.Encrypted, Keys.Password)));

        Payload.Accepted(Documented.KeyPair(Keys.Plain), stored).Secrets.Keys.ShouldBe(["privateKey.content"]);
        Payload.ReadStored(stored).Spec!.Secrets.Count.ShouldBe(2);
    }

    private static JsonObject Update(Action<JsonNode> change)
    {
        var payload = Documented.UserPassword();
        payload.Remove("nativeIntegration");
        payload["connection"]!.AsObject().Remove("password");
        change(payload["connection"]!);
        return payload;
    }
}
