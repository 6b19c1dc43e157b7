using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Errors;
using Sluice.Engine.Policies;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.Policies;

namespace Sluice.Server.Policies;

/// <summary>/api/v1/policies and POST /api/v2/policy: policies as documents, in JSON or YAML.</summary>
internal static class PolicyEndpoints
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;
    private const string Yaml = "application/yaml";

    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v2/policy", PutAsync);
        routes.MapGet("/api/v1/policies", ListAsync);
        routes.MapGet("/api/v1/policies/{policyKey}", ReadAsync);
        routes.MapDelete("/api/v1/policies/{policyKey}", DeleteAsync);
    }

    private static async Task PutAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var dryRun = query.Switch("dryRun");
        var prune = query.Switch("prune");
        query.Check();
        var text = new PolicyText(await RequestBody.ReadTextAsync(context), FormatOf(context.Request));
        var put = await UseCases(context).PutAsync(text, dryRun, prune, EntityTag.IfMatch(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, PoliciesPutAnswer.Of(put), ApiJson.Answers.PoliciesPutAnswer);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var offset = query.Number("offset", 0, 0, int.MaxValue);
        var size = query.Number("size", DefaultSize, 1, LargestSize);
        query.Check();
        var policies = await UseCases(context).ListAsync(context.Caller(), context.RequestAborted);
        var page = policies.Skip(offset).Take(size).Select(PolicyAnswer.Of);
        await Answer.WriteAsync(context, new Listing<PolicyAnswer>(policies.Count, [.. page]), ApiJson.Answers.ListingPolicyAnswer);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var policy = await UseCases(context).ReadAsync(KeyOf(context), context.Caller(), context.RequestAborted);
        EntityTag.Set(context, policy.Revision);
        if (!WantsYaml(context.Request))
        {
            await Answer.WriteAsync(context, PolicyAnswer.Of(policy), ApiJson.Answers.PolicyAnswer);
            return;
        }

        var documents = PolicyJson.Read(Encoding.UTF8.GetBytes(policy.DocumentJson), new PolicyProblems());
        context.Response.ContentType = $"{Yaml}; charset=utf-8";
        await context.Response.WriteAsync(PolicyYaml.Write(documents.Select(static d => d.Root)), context.RequestAborted);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var key = KeyOf(context);
        await UseCases(context).DeleteAsync(key, EntityTag.IfMatch(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new DeletedPolicyAnswer(key), ApiJson.Answers.DeletedPolicyAnswer);
    }

    // JSON is YAML too, but its own reader tells its mistakes better.
    private static PolicyFormat FormatOf(HttpRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.ContentType)) return PolicyFormat.Json;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            var name = type.MediaType.Value ?? "";
            if (name.EndsWith("json", StringComparison.OrdinalIgnoreCase)) return PolicyFormat.Json;
            if (name.EndsWith("yaml", StringComparison.OrdinalIgnoreCase)) return PolicyFormat.Yaml;
        }

        throw new RequestRefusedException(ErrorCode.UnsupportedMediaType, $"The body must be JSON or YAML: send Content-Type: application/json or {Yaml}.");
    }

    private static bool WantsYaml(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(static a => a.MediaType.Value?.EndsWith("yaml", StringComparison.OrdinalIgnoreCase) == true);

    private static string KeyOf(HttpContext context) => (string)context.Request.RouteValues["policyKey"]!;

    private static IPolicyUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IPolicyUseCases>();
}

/// <summary>A policy.</summary>
internal sealed record PolicyAnswer(
    string PolicyKey, string Name, string Type, bool Staged, JsonElement Document, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    public static PolicyAnswer Of(StoredPolicy policy)
    {
        using var document = JsonDocument.Parse(policy.DocumentJson);
        return new PolicyAnswer(
            policy.Key, policy.Name, policy.Type, policy.IsStaged, document.RootElement.Clone(), policy.CreatedAt, policy.CreatedBy.Name, policy.UpdatedAt, policy.UpdatedBy.Name);
    }
}

/// <summary>What became, or would become, of a text of policies.</summary>
internal sealed record PoliciesPutAnswer(bool DryRun, IReadOnlyList<PutPolicyAnswer> Policies, IReadOnlyList<string> Deleted, IReadOnlyList<PolicyWarningAnswer> Warnings)
{
    public static PoliciesPutAnswer Of(PoliciesPut put) => new(
        put.IsDryRun,
        [.. put.Policies.Select(static p => new PutPolicyAnswer(p.Key, p.Name, p.Type, p.IsStaged, p.Outcome.ToString().ToLowerInvariant()))],
        put.Deleted,
        [.. put.Warnings.Select(static w => new PolicyWarningAnswer(w.Path, w.Line, w.Column, w.Message))]);
}

/// <summary>One policy of a text.</summary>
internal sealed record PutPolicyAnswer(string PolicyKey, string Name, string Type, bool Staged, string Outcome);

/// <summary>What was taken and probably does not do what was meant.</summary>
internal sealed record PolicyWarningAnswer(string Path, int Line, int Column, string Message);

/// <summary>A policy that is gone.</summary>
internal sealed record DeletedPolicyAnswer(string PolicyKey);
