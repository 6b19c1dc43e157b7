using System.Text.Json;
using Sluice.Sandbox.Databricks.Faults;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>
/// Pages of a list, as https://docs.databricks.com/api/workspace/tables/list describes them: what the caller may not see is
/// left out after a page was cut, so a page may be short or empty and still lead on.
/// </summary>
internal static class Paging
{
    /// <summary>Writes the page a call asks for; without max_results, and with no token, all of them.</summary>
    /// <param name="call">Brings max_results and page_token.</param>
    /// <param name="member">The list's name in the answer.</param>
    /// <param name="largest">The service's own page length.</param>
    /// <param name="after">The items whose key is greater than the given one, in ordinal order.</param>
    /// <param name="key">An item's key.</param>
    /// <param name="write">Writes an item that the caller may see, or nothing.</param>
    /// <param name="alwaysPaged">Lists that know no unpaged form.</param>
    public static void Write<T>(Call call, string member, int largest, Func<string?, IEnumerable<T>> after, Func<T, string> key, Action<T> write, bool alwaysPaged = false)
    {
        var asked = call.Number("max_results");
        if (asked < 0) throw DatabricksException.Invalid("Invalid value for max_results: must not be negative.");
        var scope = Scope(call);
        var position = call.Query("page_token") is { } token ? call.Runtime.PageTokens.Read(scope, token)[1..] : null;
        if (position is { Length: 0 }) position = null;
        var unpaged = asked is null && call.Query("page_token") is null && !alwaysPaged;
        var length = unpaged ? int.MaxValue : asked is null or 0 ? largest : Math.Min(asked.Value, largest);
        var last = position;
        var more = false;
        call.Json.WriteStartObject();
        call.Json.WriteStartArray(member);
        if (call.Fault == DatabricksSandboxFaultKind.EmptyPage)
        {
            more = after(position).Any();
        }
        else
        {
            foreach (var item in after(position))
            {
                if (length-- == 0)
                {
                    more = true;
                    break;
                }

                write(item);
                last = key(item);
            }
        }

        call.Json.WriteEndArray();
        if (call.Fault == DatabricksSandboxFaultKind.DuplicatePage) (last, more) = (position, true);
        // A mark keeps the position of a list's very beginning apart from no position.
        if (more) call.Json.WriteString("next_page_token", call.Runtime.PageTokens.Write(scope, $">{last}"));
        call.Json.WriteEndObject();
    }

    private static string Scope(Call call)
    {
        var query = call.Http.Request.Query.Where(pair => pair.Key is not ("page_token" or "max_results")).OrderBy(pair => pair.Key, StringComparer.Ordinal);
        return $"{call.Operation.Name}\n{call.Caller.Name}\n{call.Http.Request.Path}\n{string.Join('&', query.Select(pair => $"{pair.Key}={pair.Value}"))}";
    }

    /// <summary>An ordered dictionary's values after a key.</summary>
    public static IEnumerable<T> After<T>(IEnumerable<KeyValuePair<string, T>> ordered, string? last) =>
        ordered.Where(pair => last is null || string.CompareOrdinal(pair.Key, last) > 0).Select(pair => pair.Value);

    /// <summary>Writes a member only when there is something to say.</summary>
    public static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
