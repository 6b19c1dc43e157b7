using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Tests.OpenApi;

public sealed partial class DocumentTests
{
    // Pages about the API are no part of it; SCIM has a standard of its own, and describes itself.
    private static readonly string[] Pages = ["/openapi/v1.json", "/docs", "/schemas/policy.json", "/scim/v2"];

    [Fact]
    public async Task Every_route_is_in_the_document_and_every_documented_route_exists()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = server.Server.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => $"{m} /{e.RoutePattern.RawText!.TrimStart('/').Replace(":guid", "", StringComparison.Ordinal).Replace(":long", "", StringComparison.Ordinal)}"))
            .Where(r => !Pages.Any(p => r.Contains(p, StringComparison.Ordinal))).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal).ToList();
        var documented = Contract.Document["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}")).Order(StringComparer.Ordinal).ToList();

        documented.ShouldBe(routes);
        routes.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task The_document_is_served_to_everyone_as_openapi_3_1()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/openapi/v1.json", null, authorization: null);

        var json = await answer.JsonAsync();
        json["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        json["info"]!["version"]!.GetValue<string>().ShouldMatch("^[0-9]+\\.[0-9]+\\.[0-9]+");
    }

    [Fact]
    public async Task The_schema_of_policies_is_served_to_everyone()
    {
        await using var server = await RunningServer.StartAsync();

        using var answer = await server.SendAsync("GET", "/schemas/policy.json", null, authorization: null);

        var json = await answer.JsonAsync();
        json["$schema"]!.GetValue<string>().ShouldBe("https://json-schema.org/draft/2020-12/schema");
        json["$id"]!.GetValue<string>().ShouldBe("/schemas/policy.json");
    }

    [Fact]
    public void Every_reference_in_the_document_leads_somewhere_and_every_schema_is_used()
    {
        var text = Contract.Document.ToJsonString();
        var references = ReferencePattern().Matches(text).Select(m => m.Groups["found"].Value).ToHashSet(StringComparer.Ordinal);

        foreach (var reference in references) Contract.Resolved(new JsonObject { ["$ref"] = reference }).ShouldNotBeNull(reference);
        foreach (var schema in Contract.Document["components"]!["schemas"]!.AsObject().Select(s => s.Key))
            references.ShouldContain($"#/components/schemas/{schema}");
    }

    [Fact]
    public void Every_operation_is_told_in_full()
    {
        foreach (var (path, methods) in Contract.Document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var name = $"{method} {path}";
                operation!["summary"]!.GetValue<string>().ShouldNotBeEmpty(name);
                operation["operationId"]!.GetValue<string>().ShouldNotBeEmpty(name);
                foreach (var parameter in operation["parameters"]?.AsArray() ?? []) parameter!["description"]!.GetValue<string>().ShouldNotBeEmpty(name);
                var media = operation["responses"]!["200"]!["content"]!.AsObject().Single().Value!;
                media["example"].ShouldNotBeNull(name);
                if (operation["security"] is null) operation["responses"]!["401"].ShouldNotBeNull(name);
            }
        }

        var ids = Contract.Document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!["operationId"]!.GetValue<string>()).ToList();
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(ids.Count);
    }

    [Fact]
    public void Every_example_is_what_its_schema_says()
    {
        var examples = 0;
        foreach (var (path, methods) in Contract.Document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var media = operation!["responses"]!["200"]!["content"]!.AsObject().Single().Value!;
                Contract.Faults(media["schema"]!, media["example"]).ShouldBeEmpty($"{method} {path}");
                var body = operation["requestBody"]?["content"]!["application/json"];
                foreach (var (name, example) in body?["examples"]?.AsObject() ?? [])
                {
                    Contract.Faults(body!["schema"]!, example!["value"]).ShouldBeEmpty($"{method} {path} {name}");
                    examples++;
                }
            }
        }

        foreach (var (name, response) in Contract.Document["components"]!["responses"]!.AsObject())
        {
            var media = response!["content"]!["application/problem+json"]!;
            Contract.Faults(media["schema"]!, media["example"]).ShouldBeEmpty(name);
            var code = media["example"]!["code"]!.GetValue<string>();
            var error = ErrorCode.All.Single(e => e.Code == code);
            media["example"]!["title"]!.GetValue<string>().ShouldBe(error.Title);
            media["example"]!["status"]!.GetValue<int>().ShouldBe(error.Status);
        }

        examples.ShouldBeGreaterThan(8);
    }

    [Fact]
    public void The_settings_a_connection_is_stored_with_are_what_the_document_says()
    {
        var schema = Contract.Document["components"]!["schemas"]!["ConnectionSettings"]!;

        foreach (var mode in Enum.GetValues<EnforcementMode>())
            Contract.Faults(schema, ConnectionSettingsWriter.Write(new ConnectionSettings { Mode = mode, GuardMaxLost = 1 })).ShouldBeEmpty();
        schema["properties"]!.AsObject().Select(p => p.Key)
            .ShouldBe(ConnectionSettingsWriter.Write(new ConnectionSettings()).Select(p => p.Key), ignoreOrder: true);
    }

    [Fact]
    public void Every_list_of_words_in_the_document_is_complete()
    {
        Words("FoundObject", "kind").ShouldBe(Camel<ObjectKind>(), ignoreOrder: true);
        Words("Job", "state").ShouldBe(Camel<JobState>(), ignoreOrder: true);
        Words("Connection", "status").ShouldBe(Camel<ConnectionStatus>(), ignoreOrder: true);
        Words("ValidationResults", "status").ShouldBe(Camel<CheckStatus>(), ignoreOrder: true);
        Contract.Document["components"]!["schemas"]!["ApiKeyRequest"]!["properties"]!["permissions"]!["items"]!["enum"]!.AsArray()
            .Select(w => w!.GetValue<string>()).ShouldBe(Permission.All, ignoreOrder: true);

        static IEnumerable<string> Words(string schema, string member) =>
            Contract.Document["components"]!["schemas"]![schema]!["properties"]![member]!["enum"]!.AsArray().Select(w => w!.GetValue<string>());

        static IEnumerable<string> Camel<T>() where T : struct, Enum => Enum.GetValues<T>().Select(v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()));
    }

    [Fact]
    public void The_document_names_no_address_a_page_would_load_from()
    {
        // The one outward form left is the example of a host in a payload, which is no URL.
        Contract.Document.ToJsonString().ShouldNotContain("http://");
        Contract.Document.ToJsonString().ShouldNotContain("https://");
        Contract.Document["servers"]!.AsArray().Single()!["url"]!.GetValue<string>().ShouldBe("/");
    }

    [Fact]
    public async Task The_reader_at_docs_loads_nothing_from_elsewhere()
    {
        await using var server = await RunningServer.StartAsync();

        using var redirect = await server.SendAsync("GET", "/docs", null, authorization: null);
        using var answer = await server.SendAsync("GET", "/docs/", null, authorization: null);
        var page = answer.IsSuccessStatusCode ? await answer.TextAsync() : await redirect.TextAsync();
        var policy = (answer.IsSuccessStatusCode ? answer : redirect).Headers.GetValues("Content-Security-Policy").Single();

        page.ShouldContain("scalar", Case.Insensitive);
        page.ShouldContain("openapi/v1.json");
        page.ShouldContain("\"proxyUrl\":\"\"");
        page.ShouldContain("\"telemetry\":false");
        page.ShouldContain("\"showDeveloperTools\":\"never\"");
        UrlPattern().Matches(page).Select(m => m.Value).Where(u => !u.StartsWith(server.Url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)).ShouldBeEmpty(page);
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("connect-src 'self'");
        policy.ShouldMatch("script-src 'self' 'nonce-[A-Za-z0-9+/=_-]+'");
        policy.ShouldNotContain("http");
        var nonce = NoncePattern().Match(policy).Groups["found"].Value;
        foreach (Match script in ScriptPattern().Matches(page)) script.Value.ShouldContain(nonce);
        foreach (var source in SourcePattern().Matches(page).Select(m => m.Groups["found"].Value))
        {
            using var asset = await server.SendAsync("GET", new Uri(new Uri(server.Url, "/docs/"), source).AbsolutePath, null, authorization: null);
            asset.IsSuccessStatusCode.ShouldBeTrue(source);
        }
    }

    [Fact]
    public async Task Every_error_code_is_on_the_page_that_problems_point_to()
    {
        await using var server = await RunningServer.StartAsync();

        var page = await (await server.SendAsync("GET", "/docs/errors", null, authorization: null)).TextAsync();

        foreach (var error in ErrorCode.All) page.ShouldContain($"id=\"{error.Code}\"");
    }

    [GeneratedRegex("\"\\$ref\":\"(?<found>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex ReferencePattern();

    [GeneratedRegex("https?://[^\"' <>]+", RegexOptions.None, 1000)]
    private static partial Regex UrlPattern();

    [GeneratedRegex("'nonce-(?<found>[^']+)'", RegexOptions.None, 1000)]
    private static partial Regex NoncePattern();

    [GeneratedRegex("<script[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex ScriptPattern();

    [GeneratedRegex("<script[^>]* src=\"(?<found>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex SourcePattern();
}
