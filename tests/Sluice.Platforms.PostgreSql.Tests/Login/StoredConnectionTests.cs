using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Platforms.Egress;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>A stored connection read again, as it is before every session: only what the operator forbids meanwhile is a problem.</summary>
public sealed class StoredConnectionTests
{
    private static readonly EgressPolicy Open = new()
    {
        AllowLoopback = true, AllowedNetworks = [System.Net.IPNetwork.Parse("10.0.0.0/8"), System.Net.IPNetwork.Parse("fd00::/8")],
    };

    private static readonly Gen<string> Hosts = OneOf(
        "db.example.com", "DB.Example.com.", "localhost", "127.0.0.1", "::1", "[::1]", "10.0.0.5", "fd00::1", "[fd00::1]", "bücher.example");

    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Char['\u0001', '\u00ff'].Array[1, 31].Select(c => new string(c)), OneOf("a\"b", "漢字", "😀", " ", "\\", "\u2028", "</script>"));

    [Fact]
    public void A_stored_connection_read_again_is_the_same_connection()
    {
        using var authority = new TestAuthority();
        var pem = authority.CertificatePem;
        var read = 0;
        Gen.Select(Hosts, Gen.Int[1, 65535], Names, Names, OneOf("verify-full", "verify-ca", "require", "disable", null), Gen.Bool).Sample(
            (host, port, database, user, mode, own) =>
            {
                var payload = new JsonObject
                {
                    ["technology"] = "PostgreSQL", ["authenticationType"] = "userPassword", ["hostname"] = host, ["port"] = port,
                    ["database"] = database, ["username"] = user, ["password"] = "s", ["sslMode"] = mode,
                    ["sslRootCertificate"] = own ? pem : null,
                };

                // A contradiction is refused at registration, and never stored.
                if (Read(payload.ToJsonString(), null, Open).Spec is not { } spec) return;
                Interlocked.Increment(ref read);

                var (again, problems) = Read(spec.Document.GetRawText(), Stored(spec), Open);

                problems.ShouldBeEmpty();
                again!.SecretDestination.ShouldBe(spec.SecretDestination);
                again.Document.GetRawText().ShouldBe(spec.Document.GetRawText());
                again.Secrets["password"].ShouldBe(new SecretInput.Kept());
            },
            iter: 2000);
        read.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void What_the_operator_forbids_meanwhile_is_told_and_nothing_else()
    {
        const string payload = """
            {"technology": "PostgreSQL", "authenticationType": "userPassword", "hostname": "10.0.0.5", "username": "u", "password": "s"}
            """;
        var spec = Read(payload, null, Open).Spec!;

        Read(spec.Document.GetRawText(), Stored(spec), new EgressPolicy()).Problems
            .ShouldHaveSingleItem().Path.ShouldBe("$.connection.hostname");
    }

    private static ConnectionSpec Stored(ConnectionSpec spec) =>
        spec with { Secrets = new Dictionary<string, SecretInput> { ["password"] = new SecretInput.Kept() } };

    private static (ConnectionSpec? Spec, IReadOnlyCollection<Problem> Problems) Read(string json, ConnectionSpec? stored, EgressPolicy policy)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        var problems = new ProblemList();
        var spec = Registered.Platform(policy: policy).ReadConnection(new PayloadObject(document.RootElement, "$.connection", problems), null, stored);
        return (spec, problems);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
