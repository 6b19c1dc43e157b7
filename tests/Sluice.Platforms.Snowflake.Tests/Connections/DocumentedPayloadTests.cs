using System.Text.Json.Nodes;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>Every documented registration is read unchanged, and so is every documented script's config pasted into it.</summary>
public sealed class DocumentedPayloadTests
{
    [Fact]
    public void User_and_password()
    {
        var spec = Payload.Accepted(Documented.UserPassword());

        spec.AuthenticationType.ShouldBe("userPassword");
        spec.Document.GetRawText().ShouldBe(
            """{"technology":"Snowflake","hostname":"acme-prod.snowflakecomputing.com","port":443,"warehouse":"WH","role":"CRAWLER","authenticationType":"userPassword","username":"SLUICE"}""");
        spec.Integration!.Value.GetRawText().ShouldBe(
            """{"type":"Snowflake","autoBootstrap":false,"config":{"authenticationType":"userPassword","username":"SLUICE","host":"acme-prod.snowflakecomputing.com","port":443,"warehouse":"WH","database":"GOVERNED","impersonation":{"enabled":false},"audit":{"enabled":true},"workspaces":{"enabled":false},"lineage":{"enabled":false},"userRolePattern":{"exclude":[]}}}""");
        spec.Secrets.Keys.ShouldBe(["password"]);
        spec.Literal("password").ShouldBe("s3cret");
    }

    [Theory]
    [InlineData("real line ends")]
    [InlineData("\\n")]
    [InlineData("\\\\n")]
    [InlineData("spaces")]
    public void Key_pair_whatever_the_line_ends(string spelling)
    {
        var key = spelling switch
        {
            "\\n" => Keys.Escaped(Keys.Plain),
            "\\\\n" => Keys.TwiceEscaped(Keys.Plain),
            "spaces" => Keys.Plain.ReplaceLineEndings(" "),
            _ => Keys.Plain,
        };

        var spec = Payload.Accepted(Documented.KeyPair(key));

        spec.Secrets.Keys.ShouldBe(["privateKey.content"]);
        spec.Document.Text("privateKey", "userFilename").ShouldBe("rsa_key.p8");
        spec.Document.GetRawText().ShouldNotContain("BEGIN");
        spec.Integration!.Value.GetRawText().ShouldNotContain("BEGIN");
    }

    [Fact]
    public void Key_pair_with_an_encrypted_key()
    {
        var spec = Payload.Accepted(Documented.KeyPair(Keys.Encrypted, Keys.Password));

        spec.Secrets.Keys.Order().ShouldBe(["privateKey.content", "privateKeyPassword"]);
    }

    [Fact]
    public void OAuth_with_a_certificate()
    {
        var spec = Payload.Accepted(Documented.OAuthCertificate(Keys.Plain));

        spec.Secrets.Keys.ShouldBe(["oAuthClientConfig.oauthPrivateKey.content"]);
        spec.Document.Text("oAuthClientConfig", "publicCertificateThumbprint").ShouldBe(Documented.Thumbprint);
        spec.Document.Text("oAuthClientConfig", "resource").ShouldBe("https://snow.example.com");
    }

    [Fact]
    public void OAuth_with_a_secret()
    {
        var spec = Payload.Accepted(Documented.OAuthSecret());

        spec.Secrets.Keys.ShouldBe(["oAuthClientConfig.clientSecret"]);
        spec.Integration!.Value.Text("config", "oAuthClientConfig", "scope").ShouldBe("session:role-any");
    }

    [Theory]
    [InlineData("userPassword")]
    [InlineData("keyPair")]
    [InlineData("oAuthCertificate")]
    [InlineData("oAuthSecret")]
    public void The_config_of_a_script_request_is_pasted_unchanged(string way)
    {
        var registration = way switch
        {
            "userPassword" => Documented.UserPassword(),
            "keyPair" => Documented.KeyPair(Keys.Plain),
            "oAuthCertificate" => Documented.OAuthCertificate(Keys.Plain),
            _ => Documented.OAuthSecret(),
        };
        registration["connection"]!["oAuthClientConfig"]?.AsObject().Remove("resource");
        var script = Documented.Script(way);
        registration["nativeIntegration"] = script.DeepClone();

        var spec = Payload.Accepted(registration);

        var config = spec.Integration!.Value.GetProperty("config");
        config.Text("database").ShouldBe("GOVERNED");
        config.GetProperty("audit").GetProperty("enabled").GetBoolean().ShouldBeTrue();
        config.GetRawText().ShouldNotContain("s3cret");
        config.GetRawText().ShouldNotContain("cl1ent");
        Payload.ReadStored(spec).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_stored_and_read_again_is_itself()
    {
        var payloads = (JsonObject[])
            [Documented.UserPassword(), Documented.KeyPair(Keys.Encrypted, Keys.Password), Documented.OAuthCertificate(Keys.Plain), Documented.OAuthSecret()];
        foreach (var payload in payloads)
        {
            var spec = Payload.Accepted(payload);

            var (again, problems) = Payload.ReadStored(spec);

            problems.ShouldBeEmpty();
            again!.Document.GetRawText().ShouldBe(spec.Document.GetRawText());
            again.Integration!.Value.GetRawText().ShouldBe(spec.Integration!.Value.GetRawText());
            again.SecretDestination.ShouldBe(spec.SecretDestination);
            again.Secrets.Keys.Order().ShouldBe(spec.Secrets.Keys.Order());
        }
    }

    [Fact]
    public void The_role_pattern_may_stand_beside_the_config()
    {
        var payload = Documented.UserPassword();
        payload["nativeIntegration"]!["config"]!.AsObject().Remove("userRolePattern");
        payload["nativeIntegration"]!["userRolePattern"] = JsonNode.Parse("""{"exclude": ["ACCOUNTADMIN", "etl user"]}""");

        Payload.Accepted(payload).Integration!.Value.Text("config", "userRolePattern").ShouldBe("""{"exclude":["ACCOUNTADMIN","etl user"]}""");
    }
}
