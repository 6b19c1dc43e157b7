using System.Text.Json.Nodes;
using Sluice.Core.Payloads;

namespace Sluice.Server.Data;

/// <summary>Shows in a stored document, which has no secrets, which there are.</summary>
internal static class Redaction
{
    /// <summary>Puts <c>[REDACTED]</c> at each secret's member path.</summary>
    public static void Show(JsonObject document, IReadOnlyList<string> secretFields)
    {
        foreach (var field in secretFields)
        {
            var names = field.Split('.');
            var at = document;
            foreach (var name in names[..^1])
            {
                if (at[name] is not JsonObject inner) at[name] = inner = new JsonObject();
                at = inner;
            }

            at[names[^1]] = SecretInput.Redacted;
        }
    }
}
