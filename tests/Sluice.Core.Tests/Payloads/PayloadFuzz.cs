using System.Text;
using System.Text.Json;
using CsCheck;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Core.Tests.Catalog;
using Sluice.Core.Tests.Fuzzing;

namespace Sluice.Core.Tests.Payloads;

/// <summary>Whatever arrives as a body is read or a list of problems, never an exception.</summary>
public sealed class PayloadFuzz
{
    private const string Planted = "PLANTED-4f1c";

    private static readonly string[] Members =
    [
        "connectionKey", "connection", "technology", "authenticationType", "accessKeyId", "secretAccessKey", "region", "accountId", "port",
        "settings", "isActive", "mode", "unregistered", "onResidual", "objectSyncEvery", "prefix", "exemptRoles", "masks", "groupBudget", "trustPlatformTags",
        "acceptUnknownGovernance", "guard", "maxLost", "maxGained", "options", "forceRecursiveCrawl", "$secret",
    ];

    [Fact]
    public void Spoiled_bytes_are_read_or_refused()
    {
        string[] corpus =
        [
            """
            {"connectionKey": "My Glue", "connection": {"technology": "Glue", "authenticationType": "accessKey", "accessKeyId": "AKIA",
             "secretAccessKey": {"$secret": "env:SLUICE_SECRET_GLUE"}, "region": "eu-west-1", "accountId": "123456789012", "port": 5432,},
             "settings": {"isActive": false, "mode": "upsert-only", "objectSyncEvery": "PT15M", "prefix": "SLUICE", "exemptRoles": ["dba", "\ud83e\uddab"],
             "guard": {"maxLost": 10, "maxGained": null}}, "options": {"forceRecursiveCrawl": true},}
            """,
            ConnectionSettingsWriter.Write(new ConnectionSettings()).ToJsonString(),
            "[]", "null", "{}",
        ];
        string[] tokens =
        [
            "\\ud800", "\\udc00", "\\u0000", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "1.5", "99999999999", "{\"a\":", "[[",
            "\"\\ud800\":1,", "\"mode\":1,", "\"isActive\":\"\",", "\"P9999999999Y\"", "\"P1D\"", "\"-PT1M\"", "/*", "\uFEFF", "\0", "é", "🦫",
            "{\"$secret\":", "\"file:\"", "[REDACTED]",
        ];
        var mutation = new ByteMutation(
            [.. corpus.Select(Encoding.UTF8.GetBytes)], [.. tokens.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80]]);
        Fuzz.Run(mutation.Next, bytes => ShouldBeReadOrRefused(bytes));
    }

    [Fact]
    public void Any_JSON_is_read_or_refused()
    {
        var name = Gen.Frequency((6, Gen.OneOf(Members)), (1, Names.WellFormed.Select(Quotable)), (1, Gen.OneOf("\\ud800", "\\udc00x", "", "$", "a.b")));
        var scalar = Gen.OneOf(
            Gen.OneOf(
                "null", "true", "false", "0", "-1", "1.5", "1e999", "2147483648", "\"\"", "\"sync\"", "\"P1D\"", "\"P1Y\"", "\"SLUICE\"", "\"\\ud800\"",
                "\"\\u0000\"", "\"[REDACTED]\"", "\"env:SLUICE_SECRET_A\"", "\"file:x\""),
            Names.WellFormed.Select(text => $"\"{Quotable(text)}\""));
        var value = Gen.Recursive<string>((depth, inner) => depth > 4
            ? scalar
            : Gen.Frequency(
                (3, scalar),
                (3, Gen.Select(name, inner, (n, v) => $"\"{n}\":{v}").Array[0, 6].Select(members => $"{{{string.Join(',', members)}}}")),
                (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"))));
        Fuzz.Log($"{Fuzz.Budget.TotalSeconds} s; a failure prints its own seed");
        value.Sample(
            json => ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(json)), time: (int)Fuzz.Budget.TotalSeconds, writeLine: Fuzz.Log);
    }

    [Fact]
    public void A_secret_of_any_shape_is_never_repeated()
    {
        var leaf = Gen.OneOf($"\"{Planted}\"", $"\"{Planted}\\ud800\"", $"\"env:{Planted}\"", $"\"file:{Planted}\"", $"\"{Planted} é🦫\"", "5", "null", "true");
        var shape = Gen.Recursive<string>((depth, inner) => depth > 3
            ? leaf
            : Gen.OneOf(
                leaf,
                Gen.Select(Gen.OneOf("$secret", "value", "secret", "$Secret"), inner, (n, v) => $"{{\"{n}\":{v}}}"),
                Gen.Select(inner, inner, (a, b) => $"[{a},{b}]"),
                Gen.Select(inner, inner, (a, b) => $"{{\"$secret\":{a},\"x\":{b}}}")));
        shape.Sample(
            json =>
            {
                using var document = Body.Document($$"""{"password": {{json}}, "passwort": {{json}}}""");
                var payload = new PayloadObject(document.RootElement, "$", []);
                var secret = payload.Secret("password");
                payload.RejectUnread();
                secret.ToString().ShouldBe(SecretInput.Redacted);
                payload.Problems.Any.ShouldBeTrue();
                foreach (var problem in payload.Problems) problem.ToString().ShouldNotContain("4f1c");
            },
            iter: 3_000);
    }

    private static void ShouldBeReadOrRefused(byte[] body)
    {
        using var document = JsonBody.Parse(body, out var error);
        (document is null).ShouldBe(error is not null);
        if (document is null) return;
        var problems = new ProblemList();
        ReadAsRegistration(new PayloadObject(document.RootElement, "$", problems));
        ReadEveryWay(document.RootElement, problems);
        foreach (var problem in problems)
        {
            IsText(problem.Path).ShouldBeTrue();
            IsText(problem.Message).ShouldBeTrue();
        }
    }

    // As a real reader does: asks for what it knows, once, and rejects the rest.
    private static void ReadAsRegistration(PayloadObject payload)
    {
        if (payload.RequiredString("connectionKey") is { } key) _ = ConnectionKey.Problem(key);
        var connection = payload.RequiredObject("connection");
        connection.OptionalChoice("technology", "Glue", "PostgreSQL");
        connection.RequiredString("authenticationType");
        connection.OptionalString("accessKeyId");
        connection.Secret("secretAccessKey");
        connection.OptionalInteger("port", 1, 65_535);
        connection.RejectUnread();
        var settings = ConnectionSettingsReader.Read(payload.OptionalObject("settings"));
        CrawlOptionsReader.Read(payload.OptionalObject("options"));
        payload.RejectUnread();
        if (payload.Problems.Any) return;

        // What was accepted can be printed and read again.
        var again = Body.Of(ConnectionSettingsWriter.Write(settings).ToJsonString());
        ConnectionSettingsReader.Read(again).ShouldBe(settings);
        again.Problems.Told().ShouldBeEmpty();
    }

    // As no reader does: every accessor on every object of the body.
    private static void ReadEveryWay(JsonElement element, ProblemList problems)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) ReadEveryWay(item, problems);
        if (element.ValueKind != JsonValueKind.Object) return;
        var payload = new PayloadObject(element, "$", problems);
        ConnectionSettingsReader.Read(new PayloadObject(element, "$", problems));
        foreach (var name in (string[])[.. payload.MemberNames, .. Members])
        {
            payload.Has(name);
            payload.RequiredString(name);
            payload.OptionalString(name);
            payload.OptionalBoolean(name);
            payload.OptionalInteger(name, 0, 10);
            payload.OptionalChoice(name, "a", "b");
            payload.OptionalObject(name);
            payload.RequiredObject(name);
            payload.OptionalStrings(name);
            payload.Secret(name);
            payload.Raw(name);
        }

        payload.RejectUnread();
        foreach (var member in element.EnumerateObject()) ReadEveryWay(member.Value, problems);
    }

    private static bool IsText(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static string Quotable(string text) => JsonEncodedText.Encode(text).ToString();
}
