using System.Text;
using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Connections;

public sealed class ReadConnectionTests
{
    // The documented registrations, with nothing but the placeholders filled in.
    private const string DocumentedAccessKey = """
        {
        "connectionKey": "lake",
        "connection": {
        "technology": "Glue",
        "authenticationType": "accessKey",
        "region": "us-east-1",
        "accountId": "123456789012",
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        },
        "settings": {
        "isActive": false
        },
        "options": {
        "forceRecursiveCrawl": true
        }
        }
        """;

    private const string DocumentedAssumedRole = """
        {
        "connectionKey": "lake",
        "connection": {
        "technology": "Glue",
        "authenticationType": "assumedRole",
        "region": "us-east-1",
        "accountId": "123456789012",
        "roleARN": "arn:aws:iam::123456789012:role/governance/sluice-service"
        },
        "settings": {
        "isActive": false
        },
        "options": {
        "forceRecursiveCrawl": true
        }
        }
        """;

    private const string Key = """
        "technology": "Glue", "authenticationType": "accessKey", "region": "us-east-1", "accountId": "123456789012",
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        """;

    private const string Role = """
        "technology": "Glue", "authenticationType": "assumedRole", "region": "us-east-1", "accountId": "123456789012",
        "roleARN": "arn:aws:iam::123456789012:role/sluice-service"
        """;

    [Fact]
    public void The_documented_access_key_payload_is_read_with_its_secret_apart()
    {
        var spec = ReadDocumented(DocumentedAccessKey);

        spec.AuthenticationType.ShouldBe("accessKey");
        spec.Document.GetRawText().ShouldBe(
            """{"technology":"Glue","authenticationType":"accessKey","region":"us-east-1","accountId":"123456789012","accessKeyId":"AKIAIOSFODNN7EXAMPLE"}""");
        spec.Secrets.Keys.ShouldBe(["secretAccessKey"]);
        spec.Secrets["secretAccessKey"].ShouldBe(new SecretInput.Literal("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
    }

    [Fact]
    public void The_documented_assumed_role_payload_is_read_and_has_no_secret()
    {
        var spec = ReadDocumented(DocumentedAssumedRole);

        spec.AuthenticationType.ShouldBe("assumedRole");
        spec.Document.Text("roleARN").ShouldBe("arn:aws:iam::123456789012:role/governance/sluice-service");
        spec.Secrets.ShouldBeEmpty();
    }

    public static TheoryData<string, string, string> Problems => new()
    {
        { "{}", "technology", "is required" },
        { "{}", "authenticationType", "is required" },
        { "{}", "region", "is required" },
        { "{}", "accountId", "is required" },
        { With(Key, "technology", "\"glue\""), "technology", "must be Glue" },
        { With(Key, "authenticationType", "\"AccessKey\""), "authenticationType", "must be accessKey or assumedRole" },
        { With(Key, "authenticationType", "7"), "authenticationType", "must be a string, not a number" },
        { With(Key, "region", "\"us-east\""), "region", "is not the name of an AWS region, such as us-east-1" },
        { With(Key, "region", "\"us-east-1.evil.example\""), "region", "is not the name of an AWS region, such as us-east-1" },
        { With(Key, "region", "\"US-EAST-1\""), "region", "is not the name of an AWS region, such as us-east-1" },
        { With(Key, "region", "\"us-east-1\\n\""), "region", "is not the name of an AWS region, such as us-east-1" },
        { With(Key, "accountId", "123456789012"), "accountId", "must be a string, not a number" },
        { With(Key, "accountId", "\"1234-5678-9012\""), "accountId", "must be the 12 digits of an AWS account id, without hyphens" },
        { With(Key, "accountId", "\"12345678901\""), "accountId", "must be the 12 digits of an AWS account id, without hyphens" },
        { With(Key, "accountId", "\"١٢٣٤٥٦٧٨٩٠١٢\""), "accountId", "must be the 12 digits of an AWS account id, without hyphens" },
        { With(Key, "accessKeyId", "null"), "accessKeyId", "is required with authenticationType accessKey" },
        { With(Key, "accessKeyId", "\"short\""), "accessKeyId", "must be an AWS access key id: 16 to 128 upper-case letters and digits" },
        { With(Key, "accessKeyId", "\"ASIAIOSFODNN7EXAMPLE\""), "accessKeyId", "is a temporary one (ASIA…), which expires; use a long-term key (AKIA…) or assumedRole" },
        { With(Key, "secretAccessKey", "null"), "secretAccessKey", "is required with authenticationType accessKey" },
        { With(Key, "secretAccessKey", "\"[REDACTED]\""), "secretAccessKey", "is required with authenticationType accessKey" },
        { With(Key, "secretAccessKey", "true"), "secretAccessKey", "must be a string, not a boolean" },
        { With(Key, "secretAccessKey", "\"\""), "secretAccessKey", "must not be empty" },
        { With(Key, "secretAccessKey", """{"$secret": "env:PATH"}"""), "secretAccessKey.$secret", "must be env:NAME with a name that begins with SLUICE_SECRET_, or file:PATH below the server's --secret-dir" },
        { Plus(Key, "\"roleARN\": \"arn:aws:iam::123456789012:role/x\""), "roleARN", "contradicts authenticationType accessKey; it belongs to assumedRole" },
        { With(Role, "roleARN", "null"), "roleARN", "is required with authenticationType assumedRole" },
        { Plus(Role, "\"accessKeyId\": \"AKIAIOSFODNN7EXAMPLE\""), "accessKeyId", "contradicts authenticationType assumedRole; it belongs to accessKey" },
        { Plus(Role, "\"secretAccessKey\": \"x\""), "secretAccessKey", "contradicts authenticationType assumedRole; it belongs to accessKey" },
        { With(Role, "roleARN", "\"sluice-service\""), "roleARN", "must be arn:aws:iam::<12 digits>:role/<name>" },
        { With(Role, "roleARN", "\"arn:aws:iam::123456789012:user/x\""), "roleARN", "must be arn:aws:iam::<12 digits>:role/<name>" },
        { With(Role, "roleARN", "\"arn:aws:iam::12:role/x\""), "roleARN", "must be arn:aws:iam::<12 digits>:role/<name>" },
        { With(Role, "roleARN", "\"arn:aws-cn:iam::123456789012:role/x\""), "roleARN", "is in partition aws-cn, but the region is in aws" },
        { Plus(Role, "\"externalId\": \"mine\""), "externalId", "is this server's own and can't be chosen; GET /api/v1/aws/identity shows the one to put into the role's trust policy" },
        { Plus(Key, "\"secretAccesKey\": \"x\""), "secretAccesKey", "is not a known member; did you mean 'secretAccessKey'?" },
        { Plus(Key, "\"endpoints\": []"), "endpoints", "must be an object, not a list" },
        { Plus(Key, "\"endpoints\": {\"s3\": \"https://x\"}"), "endpoints.s3", "is not a known member" },
        { Plus(Key, "\"endpoints\": {\"glue\": \"glue.us-east-1.amazonaws.com\"}"), "endpoints.glue", "must be an absolute https URL" },
        { Plus(Key, "\"endpoints\": {\"glue\": \"ftp://glue.us-east-1.amazonaws.com\"}"), "endpoints.glue", "An endpoint is an absolute https URL." },
        { Plus(Key, "\"endpoints\": {\"glue\": \"http://glue.us-east-1.amazonaws.com\"}"), "endpoints.glue", "Without TLS only this machine may be connected to: use https." },
        { Plus(Key, "\"endpoints\": {\"glue\": \"https://me@glue.us-east-1.amazonaws.com\"}"), "endpoints.glue", "An endpoint has no user, query or fragment." },
        { Plus(Key, "\"endpoints\": {\"glue\": \"https://glue.us-east-1.amazonaws.com/?a=b\"}"), "endpoints.glue", "An endpoint has no user, query or fragment." },
        { Plus(Key, "\"endpoints\": {\"glue\": \"https://glue.us-east-1.amazonaws.com/path\"}"), "endpoints.glue", "must have no path" },
        { Plus(Key, "\"endpoints\": {\"glue\": \"http://169.254.169.254\"}"), "endpoints.glue", "Link-local, metadata, multicast and reserved addresses are never allowed." },
        { Plus(Key, "\"endpoints\": {\"glue\": \"http://127.0.0.1:4566\"}"), "endpoints.glue", "It is this machine; only the operator can allow that, with --allow-loopback." },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void What_is_wrong_is_told_at_its_path(string connection, string member, string message)
    {
        var (_, problems) = Payload.Read(connection);

        problems.ShouldContainKey($"$.connection.{member}");
        problems[$"$.connection.{member}"].ShouldContain(message);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var (_, problems) = Payload.Read(
            """
            {"technology": "Glue", "authenticationType": "accessKey", "region": "moon-1", "accountId": "12", "accessKeyId": "x",
             "roleARN": "nonsense", "externalId": "e", "endpoints": {"glue": "nonsense", "sts": 4}, "colour": "red"}
            """);

        problems.Keys.ShouldBe(
            [
                "$.connection.region", "$.connection.accountId", "$.connection.roleARN", "$.connection.accessKeyId", "$.connection.secretAccessKey",
                "$.connection.endpoints.glue", "$.connection.endpoints.sts", "$.connection.externalId", "$.connection.colour",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://my-balancer.us-east-1.elb.amazonaws.com")]
    [InlineData("https://glue.us-east-1.amazonaws.com.evil.example")]
    [InlineData("https://glue.eu-west-1.amazonaws.com")]
    [InlineData("https://vpce-svc-1.us-east-1.vpce.amazonaws.com")]
    public void Only_the_services_own_hosts_are_endpoints_by_themselves(string endpoint)
    {
        var (_, problems) = Payload.Read(Plus(Key, $$"""
            "endpoints": {"glue": "{{endpoint}}"}
            """));

        problems.Keys.ShouldBe(["$.connection.endpoints.glue"]);
    }

    [Theory]
    [InlineData("glue", "https://glue-fips.us-east-1.amazonaws.com")]
    [InlineData("glue", "https://vpce-0abc-1.glue.us-east-1.vpce.amazonaws.com")]
    [InlineData("lakeformation", "https://lakeformation.us-east-1.api.aws")]
    [InlineData("sts", "https://vpce-0abc-1.sts.us-east-1.vpce.amazonaws.com")]
    public void Vpc_and_fips_endpoints_are_taken(string service, string endpoint)
    {
        var (spec, problems) = Payload.Read(Plus(Role, $$"""
            "endpoints": {"{{service}}": "{{endpoint}}"}
            """));

        problems.ShouldBeEmpty();
        spec!.Document.GetProperty("endpoints").Text(service).ShouldBe($"{endpoint}/");
    }

    [Fact]
    public void The_public_endpoint_spelled_out_is_the_same_connection()
    {
        var plain = Payload.Read($"{{{Key}}}").Spec!;
        var spelled = Payload.Read(Plus(Key, "\"endpoints\": {\"glue\": \"https://glue.us-east-1.amazonaws.com\"}")).Spec!;

        spelled.SecretDestination.ShouldBe(plain.SecretDestination);
        spelled.Document.GetRawText().ShouldBe(plain.Document.GetRawText());
    }

    [Fact]
    public void Another_sts_for_an_assumed_role_takes_the_operators_leave_even_where_egress_allows_the_host()
    {
        const string endpoints = "\"endpoints\": {\"sts\": \"http://127.0.0.1:4566\"}";
        var loopback = new EgressPolicy { AllowLoopback = true };
        var allowed = new LakeFormationOptions { ExternalId = "e", Mark = new InstanceMark("test"), AllowedStsHosts = ["127.0.0.1:4566"] };

        Payload.Read(Plus(Role, endpoints), policy: loopback).Problems["$.connection.endpoints.sts"].ShouldBe(
            ["must be AWS's own with authenticationType assumedRole, unless the server's operator allows the host"]);
        Payload.Read(Plus(Role, endpoints), options: allowed, policy: loopback).Problems.ShouldBeEmpty();
        Payload.Read(Plus(Key, endpoints), policy: loopback).Problems.ShouldBeEmpty();
        Payload.Read(Plus(Role, endpoints), options: allowed).Problems["$.connection.endpoints.sts"].ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/sluice-*", true)]
    [InlineData("arn:aws:iam::*:role/sluice-service", true)]
    [InlineData("arn:aws:iam::123456789012:role/Sluice-*", false)]
    [InlineData("arn:aws:iam::210987654321:role/*", false)]
    public void Only_roles_the_operator_allows_are_assumed(string pattern, bool allowed)
    {
        var (_, problems) = Payload.Read($"{{{Role}}}", options: new LakeFormationOptions { ExternalId = "e", Mark = new InstanceMark("test"), AllowedRoleArns = [pattern] });

        problems.Keys.ShouldBe(allowed ? [] : ["$.connection.roleARN"]);
    }

    [Theory]
    [InlineData("eu-central-1", "aws", "amazonaws.com")]
    [InlineData("ap-southeast-5", "aws", "amazonaws.com")]
    [InlineData("cn-northwest-1", "aws-cn", "amazonaws.com.cn")]
    [InlineData("us-gov-west-1", "aws-us-gov", "amazonaws.com")]
    [InlineData("eusc-de-east-1", "aws-eusc", "amazonaws.eu")]
    [InlineData("us-iso-east-1", "aws-iso", "c2s.ic.gov")]
    [InlineData("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov")]
    [InlineData("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk")]
    [InlineData("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov")]
    public void A_region_names_its_partition_and_hosts(string region, string partition, string suffix)
    {
        var (spec, problems) = Payload.Read(
            With(With(Role, "region", $"\"{region}\""), "roleARN", $"\"arn:{partition}:iam::123456789012:role/x\""));

        problems.ShouldBeEmpty();
        spec!.SecretDestination.ShouldContain($"https://glue.{region}.{suffix}/");
        spec.SecretDestination.ShouldContain($"https://sts.{region}.{suffix}/");
    }

    [Fact]
    public void An_update_keeps_the_stored_secret_when_nothing_about_it_changes()
    {
        var stored = Payload.Stored(Payload.Read($"{{{Key}}}").Spec!);

        var (spec, problems) = Payload.Read(With(Key, "secretAccessKey", "\"[REDACTED]\""), stored);

        problems.ShouldBeEmpty();
        spec!.Secrets["secretAccessKey"].ShouldBeOfType<SecretInput.Kept>();
    }

    [Theory]
    [InlineData("region", "\"eu-west-1\"", "must be brought again: the update changes where it goes")]
    [InlineData("accountId", "\"210987654321\"", "must be brought again: the update changes where it goes")]
    [InlineData("accessKeyId", "\"AKIAI44QH8DHBEXAMPLE\"", "must be brought again: the update changes accessKeyId")]
    public void An_update_that_changes_where_the_secret_goes_must_bring_it(string member, string value, string message)
    {
        var stored = Payload.Stored(Payload.Read($"{{{Key}}}").Spec!);

        var (_, problems) = Payload.Read(With(With(Key, member, value), "secretAccessKey", "null"), stored);

        problems.Keys.ShouldBe(["$.connection.secretAccessKey"]);
        problems["$.connection.secretAccessKey"].ShouldBe([message]);
    }

    [Fact]
    public void An_update_that_moves_an_endpoint_must_bring_the_secret()
    {
        var stored = Payload.Stored(Payload.Read($"{{{Key}}}").Spec!);
        var moved = With(Plus(Key, "\"endpoints\": {\"glue\": \"https://glue-fips.us-east-1.amazonaws.com\"}"), "secretAccessKey", "null");

        Payload.Read(moved, stored).Problems.Keys.ShouldBe(["$.connection.secretAccessKey"]);
    }

    [Fact]
    public void An_update_from_a_role_to_an_access_key_must_bring_the_secret()
    {
        var stored = Payload.Stored(Payload.Read($"{{{Role}}}").Spec!);

        Payload.Read(With(Key, "secretAccessKey", "null"), stored).Problems["$.connection.secretAccessKey"].ShouldBe(
            ["is required with authenticationType accessKey"]);
    }

    [Fact]
    public void No_problem_repeats_a_secret()
    {
        const string secret = "SECRET-a1b2c3-SECRET-a1b2c3-SECRET-a1b2c3";
        var (_, problems) = Payload.Read(Plus(Role, $"\"secretAccessKey\": \"{secret}\""));

        JsonSerializer.Serialize(problems).ShouldNotContain(secret);
    }

    [Fact]
    public void There_is_no_native_integration()
    {
        var problems = new ProblemList();
        using var connection = JsonDocument.Parse("{}");

        Payload.Platform().ReadConnection(new PayloadObject(connection.RootElement, "$.connection", problems), new PayloadObject(default, "$.nativeIntegration", problems), null).ShouldBeNull();

        problems.ShouldContain(p => p.Path == "$.nativeIntegration" && p.Message == "is not a known member with technology Glue");
    }

    private static ConnectionSpec ReadDocumented(string payload)
    {
        var problems = new ProblemList();
        using var body = JsonBody.Parse(Encoding.UTF8.GetBytes(payload), out _);
        var root = new PayloadObject(body!.RootElement, "$", problems);
        var spec = Payload.Platform().ReadConnection(root.RequiredObject("connection"), null, null);
        problems.ShouldBeEmpty();
        return spec!;
    }

    private static string With(string members, string name, string value)
    {
        using var document = JsonDocument.Parse(members.TrimStart().StartsWith('{') ? members : $"{{{members}}}");
        var parts = document.RootElement.EnumerateObject().Select(p => $"\"{p.Name}\": {(p.Name == name ? value : p.Value.GetRawText())}");
        return $"{{{string.Join(", ", parts)}}}";
    }

    private static string Plus(string members, string member) => $"{{{members}, {member}}}";
}
