using CsCheck;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation.Tests.Fakes;

namespace Sluice.Platforms.LakeFormation.Tests.Connections;

/// <summary>A stored connection read again, as it is before every session: only what the operator forbids meanwhile is a problem.</summary>
public sealed class StoredConnectionTests
{
    private static readonly EgressPolicy Open = new() { AllowLoopback = true, AllowedHosts = ["*.example.com", "xn--bcher-kva.example"] };

    private static readonly LakeFormationOptions Generous = new()
    {
        ExternalId = "e",
        Mark = new InstanceMark("test"), AllowedStsHosts = ["127.0.0.1:4566", "sts.example.com", "localhost"],
    };

    private static readonly Gen<(string Region, string Partition)> Regions = OneOf(
        ("us-east-1", "aws"), ("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eusc-de-east-1", "aws-eusc"));

    private static readonly Gen<string> Endpoints = OneOf(
        "", "https://{0}.{1}.amazonaws.com", "https://{0}.{1}.amazonaws.com:443/", "https://{0}.{1}.amazonaws.com:8443", "HTTPS://{0}-FIPS.{1}.amazonaws.com",
        "https://vpce-0abc-1.{0}.{1}.vpce.amazonaws.com", "http://127.0.0.1:4566", "http://localhost:4566/", "http://[::1]:80", "https://{0}.example.com",
        "https://{0}.EXAMPLE.com:444/", "https://bücher.example", "https://{0}.{1}.api.aws");

    private static readonly Gen<string> Payloads =
        from place in Regions
        from account in Gen.Char['0', '9'].Array[12]
        from key in Gen.Char['A', 'Z'].Array[16, 40]
        from role in OneOf("sluice", "governance/sluice-service", "a/b/c+=,.@-_", "x")
        from assumes in Gen.Bool
        from hosts in Endpoints.Array[3]
        let names = new[] { "glue", "lakeformation", "sts" }
        let given = names.Zip(hosts)
            .Where(e => e.Second.Length > 0)
            .Select(e => $"\"{e.First}\": \"{string.Format(System.Globalization.CultureInfo.InvariantCulture, e.Second, e.First, place.Region)}\"")
        let credentials = assumes
            ? $"\"authenticationType\": \"assumedRole\", \"roleARN\": \"arn:{place.Partition}:iam::{new string(account)}:role/{role}\""
            : $"\"authenticationType\": \"accessKey\", \"accessKeyId\": \"K{new string(key)}\", \"secretAccessKey\": \"s\""
        select $"{{\"technology\": \"Glue\", {credentials}, \"region\": \"{place.Region}\", \"accountId\": \"{new string(account)}\", \"endpoints\": {{{string.Join(", ", given)}}}}}";

    [Fact]
    public void A_stored_connection_read_again_is_the_same_connection()
    {
        var read = 0;
        Payloads.Sample(
            payload =>
            {
                // Some combinations are refused at registration (a host of AWS in another partition): those are never stored.
                if (Payload.Read(payload, options: Generous, policy: Open).Spec is not { } spec) return;
                Interlocked.Increment(ref read);
                var stored = Payload.Stored(spec);

                var (again, problems) = Payload.Read(spec.Document.GetRawText(), stored, Generous, Open);

                problems.ShouldBeEmpty(payload);
                again!.SecretDestination.ShouldBe(spec.SecretDestination);
                again.Document.GetRawText().ShouldBe(spec.Document.GetRawText());
                again.Secrets.Keys.ShouldBe(spec.Secrets.Keys);
            },
            iter: 2000);
        read.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void What_the_operator_forbids_meanwhile_is_told_and_nothing_else()
    {
        var (spec, none) = Payload.Read(
            """
            {"technology": "Glue", "authenticationType": "assumedRole", "region": "us-east-1", "accountId": "123456789012",
             "roleARN": "arn:aws:iam::123456789012:role/sluice", "endpoints": {"glue": "http://127.0.0.1:4566", "sts": "https://sts.example.com"}}
            """,
            options: Generous,
            policy: Open);
        none.ShouldBeEmpty();
        var stored = Payload.Stored(spec!);

        Problems(Generous with { AllowedRoleArns = ["arn:aws:iam::*:role/other"] }, Open).ShouldBe(["$.connection.roleARN"]);
        Problems(Generous with { AllowedStsHosts = [] }, Open).ShouldBe(["$.connection.endpoints.sts"]);
        Problems(Generous, Open with { AllowLoopback = false }).ShouldBe(["$.connection.endpoints.glue"]);

        IEnumerable<string> Problems(LakeFormationOptions options, EgressPolicy policy) =>
            Payload.Read(spec!.Document.GetRawText(), stored, options, policy).Problems.Keys;
    }

    [Fact]
    public void A_kept_access_key_needs_no_secret_in_the_document()
    {
        var (spec, _) = Payload.Read("""
            {"technology": "Glue", "authenticationType": "accessKey", "region": "us-east-1", "accountId": "123456789012",
             "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "PLANTED-SECRET"}
            """);

        var (again, problems) = Payload.Read(spec!.Document.GetRawText(), Payload.Stored(spec));

        problems.ShouldBeEmpty();
        again!.Secrets["secretAccessKey"].ShouldBe(new Sluice.Core.Payloads.SecretInput.Kept());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
