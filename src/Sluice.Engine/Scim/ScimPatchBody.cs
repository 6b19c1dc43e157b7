using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;

namespace Sluice.Engine.Scim;

/// <summary>The body of PATCH (RFC 7644, section 3.5.2).</summary>
internal static class ScimPatchBody
{
    private const int MostOperations = 1000;

    public static void Apply(JsonObject resource, JsonObject body)
    {
        if (ScimValues.Member(body, "Operations") is not JsonArray { Count: > 0 } operations) throw new ScimRefusedException(400, "invalidSyntax", "Operations is required.");
        if (operations.Count > MostOperations) throw new ScimRefusedException(400, "tooMany", $"At most {MostOperations} operations are taken at once.");
        for (var i = 0; i < operations.Count; i++)
        {
            try
            {
                var op = TextOf(operations[i], "op") ?? throw new ScimPatchException("invalidSyntax", "op is required");
                ScimPatch.Apply(resource, op, TextOf(operations[i], "path"), ScimValues.Member(operations[i], "value"));
            }
            catch (ScimPatchException e)
            {
                throw new ScimRefusedException(400, e.ScimType, $"Operations[{i}]: {e.Message}.");
            }
        }
    }

    private static string? TextOf(JsonNode? operation, string name) => ScimValues.Member(operation, name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.ToString(),
        _ => throw new ScimPatchException("invalidSyntax", $"{name} must be a string"),
    };
}
