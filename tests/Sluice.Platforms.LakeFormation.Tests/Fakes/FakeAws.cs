using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.LakeFormation.Tests.Fakes;

/// <summary>Answers what a test says, operation by operation, and keeps what was asked. It verifies nothing.</summary>
internal sealed class FakeAws : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, Func<JsonElement, Answer>> _answers = new(StringComparer.Ordinal);

    private FakeAws(WebApplication application) => _application = application;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public LakeFormationOptions Options { get; set; } = new()
    {
        ExternalId = "fake-external-id",
        Mark = new InstanceMark("test"),
        AllowedStsHosts = ["127.0.0.1"],
        Retry = new RetryPolicy { Attempts = 3, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
        ServerIdentity = new FixedServerIdentity(new("AKIASERVERSERVERSERV", "server-secret")),
    };

    public static async Task<FakeAws> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var fake = new FakeAws(application);
        application.Run(fake.AnswerAsync);
        await application.StartAsync();
        fake.SetDefaults();
        return fake;
    }

    public FakeAws On(string operation, string json, int status = 200) => On(operation, _ => new Answer(json, status));

    public FakeAws On(string operation, Func<JsonElement, Answer> answer)
    {
        _answers[operation] = answer;
        return this;
    }

    public FakeAws Denies(params string[] operations)
    {
        foreach (var operation in operations)
            On(operation, $$"""{"__type":"AccessDeniedException","Message":"not authorized to perform {{operation}}"}""", 400);
        return this;
    }

    public int Count(string operation) => Requests.Count(r => r.Operation == operation);

    public IPlatformSession Open(bool assumesRole = false, Uri? lakeFormation = null, TimeProvider? time = null)
    {
        var endpoint = _application.Urls.Single();
        var policy = new EgressPolicy { AllowLoopback = true };
        var credentials = assumesRole
            ? """ "authenticationType": "assumedRole", "roleARN": "arn:aws:iam::123456789012:role/sluice" """
            : """ "authenticationType": "accessKey", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "PLANTED-SECRET" """;
        var (spec, problems) = Payload.Read(
            $$"""
            { "technology": "Glue", {{credentials}}, "region": "us-east-1", "accountId": "123456789012",
              "endpoints": { "glue": "{{endpoint}}", "lakeformation": "{{lakeFormation?.GetLeftPart(UriPartial.Authority) ?? endpoint}}", "sts": "{{endpoint}}" } }
            """,
            options: Options,
            policy: policy);
        problems.ShouldBeEmpty();
        return Payload.Platform(Options, policy, time).Open(Payload.Access(spec!));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private void SetDefaults()
    {
        On("GetCallerIdentity", """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/sluice</Arn>
            <UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
            """);
        On("AssumeRole", """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>
            <SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>
            </AssumeRoleResult></AssumeRoleResponse>
            """);
        On("GetDatabases", """{"DatabaseList":[{"Name":"db","CreateTime":1.7E9,"CreateTableDefaultPermissions":[]}]}""");
        On("GetDatabase", """{"Database":{"Name":"db","CreateTime":1.7E9,"CreateTableDefaultPermissions":[]}}""");
        On("GetTables", $$"""{"TableList":[{{Table("t")}}]}""");
        On("GetTable", $$"""{"Table":{{Table("t")}}}""");
        On("ListPermissions", Permissions(
            Own("""{"Database":{"CatalogId":"123456789012","Name":"db"} }""", "DESCRIBE"),
            Own("""{"Table":{"CatalogId":"123456789012","DatabaseName":"db","TableWildcard":{} } }""", "SELECT", "DESCRIBE", "INSERT", "DELETE")));
        On("ListLFTags", """{"LFTags":[]}""");
        On("GetResourceLFTags", "{}");
        On("SearchTablesByLFTags", """{"TableList":[]}""");
        On("SearchDatabasesByLFTags", """{"DatabaseList":[]}""");
        Denies("GetDataLakeSettings");
    }

    public static string Table(string name, string members = "\"IsRegisteredWithLakeFormation\":true") =>
        $$$"""{"Name":"{{{name}}}","DatabaseName":"db","CreateTime":1700000000.125,{{{members}}},"StorageDescriptor":{"Columns":[{"Name":"id","Type":"bigint"}]}}""";

    public static string Permissions(params string[] entries) => $$"""{"PrincipalResourcePermissions":[{{string.Join(',', entries)}}]}""";

    public static string Own(string resource, params string[] grantable) => Entry("arn:aws:iam::123456789012:user/sluice", resource, grantable);

    /// <summary>What the caller has without the grant option.</summary>
    public static string Held(string resource, params string[] permissions) =>
        Own(resource, permissions).Replace("\"PermissionsWithGrantOption\":[\"", "\"Others\":[\"", StringComparison.Ordinal);

    public static string Entry(string principal, string resource, params string[] grantable)
    {
        var names = string.Join(',', grantable.Select(g => $"\"{g}\""));
        return $$"""{"Principal":{"DataLakePrincipalIdentifier":"{{principal}}"},"Resource":{{resource}},"Permissions":[{{names}}],"PermissionsWithGrantOption":[{{names}}]}""";
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        var isForm = context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true;
        var operation = target.Length > 0 ? target.Split('.')[1]
            : isForm ? System.Web.HttpUtility.ParseQueryString(text)["Action"]!
            : context.Request.Path.Value!.TrimStart('/');
        var service = target.Length > 0 ? "glue" : isForm ? "sts" : "lakeformation";
        Requests.Enqueue(new Asked(service, operation, context.Request.Path.Value!, text, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        var body = isForm ? default : JsonElement.Parse(text);
        var answer = _answers.TryGetValue(operation, out var known) ? known(body) : new Answer("""{"__type":"UnknownOperationException"}""", 404);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType ?? (answer.Body.StartsWith('<') ? "text/xml" : "application/json");
        await context.Response.WriteAsync(answer.Body);
    }

    /// <summary>What is answered.</summary>
    internal sealed record Answer(string Body, int Status = 200, string? ContentType = null);

    /// <summary>What was asked.</summary>
    internal sealed record Asked(string Service, string Operation, string Path, string Body, IReadOnlyDictionary<string, string> Headers);
}
