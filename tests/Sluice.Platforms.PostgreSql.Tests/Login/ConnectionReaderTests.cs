using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Login;

public sealed class ConnectionReaderTests
{
    private const string Planted = "pl4nted-p4ssword";

    private const string Minimal =
        """{"technology": "PostgreSQL", "authenticationType": "userPassword", "hostname": "db.example.com", "username": "sluice", "password": "pl4nted-p4ssword"}""";

    [Fact]
    public void The_least_payload_takes_the_safe_defaults()
    {
        var (spec, problems) = Read(Minimal);

        problems.ShouldBeEmpty();
        spec!.Technology.ShouldBe(Technology.PostgreSql);
        spec.AuthenticationType.ShouldBe("userPassword");
        JsonNode.DeepEquals(JsonNode.Parse(spec.Document.GetRawText()), JsonNode.Parse("""
            {"technology": "PostgreSQL", "authenticationType": "userPassword", "hostname": "db.example.com", "port": 5432, "database": "postgres",
             "username": "sluice", "sslMode": "verify-full"}
            """)).ShouldBeTrue(spec.Document.GetRawText());
        spec.Secrets.ShouldHaveSingleItem().Value.ShouldBe(new SecretInput.Literal(Planted));
    }

    [Fact]
    public void The_password_is_in_nothing_that_is_shown()
    {
        var (spec, _) = Read(Minimal);

        spec!.Document.GetRawText().ShouldNotContain(Planted);
        spec.SecretDestination.ShouldNotContain(Planted);
        spec.ToString().ShouldNotContain(Planted);
        new ConnectionAccess("k", spec.Document, null, new Dictionary<string, string> { ["password"] = Planted }).ToString().ShouldNotContain(Planted);
    }

    [Fact]
    public void The_document_reads_back_as_itself()
    {
        using var authority = new TestAuthority();
        var payload = JsonNode.Parse(Minimal)!.AsObject();
        payload["port"] = 6543;
        payload["database"] = "main";
        payload["sslMode"] = "verify-ca";
        payload["sslRootCertificate"] = authority.CertificatePem;
        var (spec, _) = Read(payload.ToJsonString());

        ServerTarget.FromDocument(spec!.Document)
            .ShouldBe(new ServerTarget("db.example.com", 6543, "main", "sluice", TlsMode.VerifyCa, authority.CertificatePem));
        var again = JsonNode.Parse(spec.Document.GetRawText())!.AsObject();
        var (updated, problems) = Read(again.ToJsonString(), spec);
        problems.ShouldBeEmpty();
        updated!.Document.GetRawText().ShouldBe(spec.Document.GetRawText());
        updated.SecretDestination.ShouldBe(spec.SecretDestination);
        updated.Secrets["password"].ShouldBe(new SecretInput.Kept());
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var (spec, problems) = Read("""
            {"technology": "postgres", "authenticationType": "accessKey", "hostname": "169.254.169.254", "port": 0, "database": "", "sslMode": "prefer",
             "password": 7, "sslRootCertificate": "none", "usrename": "x", "roleARN": "arn"}
            """);

        spec.ShouldBeNull();
        problems.Select(p => p.Path).Distinct().ShouldBe(
            [
                "$.connection.technology", "$.connection.authenticationType", "$.connection.hostname", "$.connection.port", "$.connection.database",
                "$.connection.username", "$.connection.sslMode", "$.connection.password", "$.connection.sslRootCertificate", "$.connection.usrename",
                "$.connection.roleARN",
            ],
            ignoreOrder: true);
        problems.Single(p => p.Path == "$.connection.usrename").Message.ShouldContain("username");
    }

    [Theory]
    [InlineData("hostname", "\"169.254.169.254\"", "never")]
    [InlineData("hostname", "\"0xA9FEA9FE\"", "")]
    [InlineData("hostname", "\"10.0.0.5\"", "--allow-network")]
    [InlineData("hostname", "\"/var/run/postgresql\"", "")]
    [InlineData("hostname", "\"a.example.com,b.example.com\"", "")]
    [InlineData("hostname", "\"a.example.com;Port=1\"", "")]
    [InlineData("hostname", "\"db.example.com:5432\"", "")]
    [InlineData("hostname", "\"\"", "empty")]
    [InlineData("port", "65536", "65535")]
    [InlineData("port", "\"5432\"", "number")]
    [InlineData("database", "\"a\\u0000b\"", "NUL")]
    [InlineData("username", "\"1234567890123456789012345678901234567890123456789012345678901234\"", "63 bytes")]
    [InlineData("password", "\"a\\u0000b\"", "NUL")]
    [InlineData("password", "\"\"", "empty")]
    [InlineData("password", "null", "required")]
    [InlineData("password", "\"[REDACTED]\"", "required")]
    [InlineData("password", "{\"$secret\": \"env:HOME\"}", "SLUICE_SECRET_")]
    [InlineData("sslMode", "\"disable\"", "loopback")]
    [InlineData("sslMode", "\"VERIFY-FULL\"", "verify-full")]
    [InlineData("sslRootCertificate", "\"-----BEGIN CERTIFICATE-----\\nbm90IG9uZQ==\\n-----END CERTIFICATE-----\"", "")]
    [InlineData("sslRootCertificate", "\"-----BEGIN PRIVATE KEY-----\"", "private key")]
    public void A_wrong_member_is_named_with_what_would_be_right(string member, string value, string said)
    {
        var payload = JsonNode.Parse(Minimal)!.AsObject();
        payload[member] = JsonNode.Parse(value);

        var (spec, problems) = Read(payload.ToJsonString());

        spec.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.Path.ShouldStartWith($"$.connection.{member}");
        problem.Message.ShouldContain(said);
        problem.Message.ShouldNotContain(Planted);
    }

    [Theory]
    [InlineData("require")]
    [InlineData("disable")]
    public void An_authority_that_would_not_be_looked_at_is_refused(string sslMode)
    {
        using var authority = new TestAuthority();
        var payload = JsonNode.Parse(Minimal)!.AsObject();
        payload["hostname"] = "localhost";
        payload["sslMode"] = sslMode;
        payload["sslRootCertificate"] = authority.CertificatePem;

        var (_, problems) = Read(payload.ToJsonString());

        problems.ShouldHaveSingleItem().Path.ShouldBe("$.connection.sslRootCertificate");
    }

    [Fact]
    public void An_authority_whose_names_are_not_looked_at_must_be_ones_own()
    {
        var payload = JsonNode.Parse(Minimal)!.AsObject();
        payload["sslMode"] = "verify-ca";

        var (spec, problems) = Read(payload.ToJsonString());

        spec.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.Path.ShouldBe("$.connection.sslRootCertificate");
        problem.Message.ShouldContain("is required with sslMode verify-ca");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    public void TLS_may_be_off_towards_loopback(string hostname)
    {
        var payload = JsonNode.Parse(Minimal)!.AsObject();
        payload["hostname"] = hostname;
        payload["sslMode"] = "disable";

        Read(payload.ToJsonString()).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hostname", "\"other.example.com\"")]
    [InlineData("port", "5433")]
    [InlineData("username", "\"other\"")]
    [InlineData("sslMode", "\"require\"")]
    public void A_kept_password_does_not_move_to_another_place(string member, string value)
    {
        var (stored, _) = Read(Minimal);
        var update = JsonNode.Parse(Minimal)!.AsObject();
        update.Remove("password");
        update[member] = JsonNode.Parse(value);

        var (spec, problems) = Read(update.ToJsonString(), stored);

        spec.ShouldBeNull();
        var problem = problems.ShouldHaveSingleItem();
        problem.Path.ShouldBe("$.connection.password");
        problem.Message.ShouldContain("brought again");

        update["password"] = "another";
        var (moved, none) = Read(update.ToJsonString(), stored);
        none.ShouldBeEmpty();
        moved!.SecretDestination.ShouldNotBe(stored!.SecretDestination);
    }

    [Fact]
    public void Another_authority_is_another_place()
    {
        using var authority = new TestAuthority();
        var (stored, _) = Read(Minimal);
        var update = JsonNode.Parse(Minimal)!.AsObject();
        update.Remove("password");
        update["sslRootCertificate"] = authority.CertificatePem;

        Read(update.ToJsonString(), stored).Problems.ShouldHaveSingleItem().Path.ShouldBe("$.connection.password");
    }

    [Theory]
    [InlineData("hostname", "\"DB.Example.com.\"")]
    [InlineData("database", "\"other\"")]
    [InlineData("port", "5432")]
    [InlineData("password", "\"[REDACTED]\"")]
    public void A_kept_password_stays_where_it_was(string member, string value)
    {
        var (stored, _) = Read(Minimal);
        var update = JsonNode.Parse(Minimal)!.AsObject();
        update.Remove("password");
        update[member] = JsonNode.Parse(value);

        var (spec, problems) = Read(update.ToJsonString(), stored);

        problems.ShouldBeEmpty();
        spec!.Secrets["password"].ShouldBe(new SecretInput.Kept());
    }

    [Fact]
    public void A_secret_may_be_a_reference()
    {
        var payload = JsonNode.Parse(Minimal)!.AsObject();
        payload["password"] = JsonNode.Parse("""{"$secret": "env:SLUICE_SECRET_DB"}""");

        Read(payload.ToJsonString()).Spec!.Secrets["password"].ShouldBe(new SecretInput.Reference("env:SLUICE_SECRET_DB"));
    }

    [Fact]
    public void There_is_no_native_integration()
    {
        var problems = new ProblemList();
        using var connection = JsonDocument.Parse("{}");
        var platform = new PostgreSqlPlatform(new EgressGuard(new EgressPolicy()), Registered.Mark, TimeProvider.System);

        platform.ReadConnection(new PayloadObject(connection.RootElement, "$.connection", problems), new PayloadObject(default, "$.nativeIntegration", problems), null).ShouldBeNull();

        problems.ShouldContain(p => p.Path == "$.nativeIntegration" && p.Message == "is not a known member with technology PostgreSQL");
    }

    private static (ConnectionSpec? Spec, IReadOnlyCollection<Problem> Problems) Read(string json, ConnectionSpec? stored = null)
    {
        var policy = new EgressPolicy { AllowLoopback = true };
        var platform = new PostgreSqlPlatform(new EgressGuard(policy), Registered.Mark, TimeProvider.System);
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        var problems = new ProblemList();
        var spec = platform.ReadConnection(new PayloadObject(document.RootElement, "$.connection", problems), null, stored);
        return (spec, problems);
    }
}
