using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Scim;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Scim;

/// <summary>/scim/v2: how an identity provider keeps its people here (RFC 7643, RFC 7644). Described by its own ResourceTypes and Schemas.</summary>
internal static class ScimEndpoints
{
    public const string Root = "/scim/v2";

    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var scim = routes.MapGroup(Root).WithMetadata(ScimAccess.Instance);
        scim.MapGet("/ServiceProviderConfig", ScimAnswer.Told(c => ScimAnswer.WriteAsync(c, ScimDescription.Configuration())));
        scim.MapGet("/ResourceTypes", ScimAnswer.Told(c => ScimAnswer.WriteListAsync(c, Whole(ScimDescription.ResourceTypes()))));
        scim.MapGet("/ResourceTypes/{id}", ScimAnswer.Told(c => WriteOneAsync(c, ScimDescription.ResourceTypes())));
        scim.MapGet("/Schemas", ScimAnswer.Told(c => ScimAnswer.WriteListAsync(c, Whole(ScimDescription.Schemas()))));
        scim.MapGet("/Schemas/{id}", ScimAnswer.Told(c => WriteOneAsync(c, ScimDescription.Schemas())));

        scim.MapGet("/Users", ScimAnswer.Told(async c => await ScimAnswer.WriteListAsync(c, await Users(c).ListAsync(SourceOf(c), QueryOf(c), c.RequestAborted))));
        scim.MapPost("/Users", ScimAnswer.Told(async c => await ScimAnswer.WriteCreatedAsync(c, await Users(c).AddAsync(SourceOf(c), await BodyAsync(c), c.Caller(), c.RequestAborted))));
        scim.MapGet("/Users/{id}", ScimAnswer.Told(async c => await ScimAnswer.WriteAsync(c, await Users(c).ReadAsync(SourceOf(c), IdOf(c), QueryOf(c), c.RequestAborted))));
        scim.MapPut("/Users/{id}", ScimAnswer.Told(async c => await ScimAnswer.WriteAsync(c, await Users(c).ReplaceAsync(SourceOf(c), IdOf(c), await BodyAsync(c), c.Caller(), c.RequestAborted))));
        scim.MapPatch("/Users/{id}", ScimAnswer.Told(async c => await ScimAnswer.WriteAsync(c, await Users(c).PatchAsync(SourceOf(c), IdOf(c), await BodyAsync(c), c.Caller(), c.RequestAborted))));
        scim.MapDelete("/Users/{id}", ScimAnswer.Told(async c =>
        {
            await Users(c).DeleteAsync(SourceOf(c), IdOf(c), c.Caller(), c.RequestAborted);
            c.Response.StatusCode = StatusCodes.Status204NoContent;
        }));

        scim.MapGet("/Groups", ScimAnswer.Told(async c => await ScimAnswer.WriteListAsync(c, await Groups(c).ListAsync(SourceOf(c), QueryOf(c), c.RequestAborted))));
        scim.MapPost("/Groups", ScimAnswer.Told(async c => await ScimAnswer.WriteCreatedAsync(c, await Groups(c).AddAsync(SourceOf(c), await BodyAsync(c), c.Caller(), c.RequestAborted))));
        scim.MapGet("/Groups/{id}", ScimAnswer.Told(async c => await ScimAnswer.WriteAsync(c, await Groups(c).ReadAsync(SourceOf(c), IdOf(c), QueryOf(c), c.RequestAborted))));
        scim.MapPut("/Groups/{id}", ScimAnswer.Told(async c => await ScimAnswer.WriteAsync(c, await Groups(c).ReplaceAsync(SourceOf(c), IdOf(c), await BodyAsync(c), c.Caller(), c.RequestAborted))));
        scim.MapPatch("/Groups/{id}", ScimAnswer.Told(async c => await ScimAnswer.WriteAsync(c, await Groups(c).PatchAsync(SourceOf(c), IdOf(c), await BodyAsync(c), c.Caller(), c.RequestAborted))));
        scim.MapDelete("/Groups/{id}", ScimAnswer.Told(async c =>
        {
            await Groups(c).DeleteAsync(SourceOf(c), IdOf(c), c.Caller(), c.RequestAborted);
            c.Response.StatusCode = StatusCodes.Status204NoContent;
        }));
    }

    private static ScimPage Whole(IReadOnlyList<JsonObject> resources) => new(resources.Count, 1, resources);

    private static Task WriteOneAsync(HttpContext context, IReadOnlyList<JsonObject> resources) => ScimAnswer.WriteAsync(
        context,
        resources.FirstOrDefault(r => string.Equals(r["id"]!.ToString(), IdOf(context), StringComparison.OrdinalIgnoreCase))
            ?? throw new ScimRefusedException(StatusCodes.Status404NotFound, null, "There is no such description."));

    // RFC 7644 lets clients send parameters that are not understood; they are not refused here as elsewhere.
    private static ScimQuery QueryOf(HttpContext context)
    {
        var query = context.Request.Query;
        return new ScimQuery(query["filter"].FirstOrDefault(), Number("startIndex") ?? 1, Number("count"), Names("attributes"), Names("excludedAttributes") ?? []);

        int? Number(string name)
        {
            if (query[name].FirstOrDefault() is not { } text) return null;
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number : throw new ScimRefusedException(StatusCodes.Status400BadRequest, "invalidValue", $"{name} must be a whole number.");
        }

        IReadOnlyList<string>? Names(string name) =>
            query[name].FirstOrDefault() is { Length: > 0 } text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context);
        return ScimBody.Read(body.Element) ?? throw new ScimRefusedException(StatusCodes.Status400BadRequest, "invalidSyntax", "The body must be an object of well-formed text.");
    }

    // The middleware let nothing but a SCIM token here.
    private static string SourceOf(HttpContext context) => context.CallerKey()!.ScimSource!;

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static ScimUsers Users(HttpContext context) => context.RequestServices.GetRequiredService<ScimUsers>();

    private static ScimGroups Groups(HttpContext context) => context.RequestServices.GetRequiredService<ScimGroups>();
}
