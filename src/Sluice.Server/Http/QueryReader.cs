using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;

namespace Sluice.Server.Http;

/// <summary>
/// Reads query parameters as strictly as bodies: a mistyped <c>?dryrun</c> that was ignored would register what was only to be tried.
/// </summary>
internal sealed class QueryReader(HttpRequest request)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Where problems go.</summary>
    public ProblemList Problems { get; } = new();

    public void Reject(string name, string message) => Problems.Add($"?{name}", message);

    public string? Text(string name)
    {
        var texts = Texts(name);
        if (texts.Count > 1) Reject(name, "is given twice");
        return texts.Count == 0 ? null : texts[0];
    }

    public IReadOnlyList<string> Texts(string name)
    {
        _known.Add(name);
        return request.Query.TryGetValue(name, out var values) ? [.. values.Select(v => v ?? "")] : [];
    }

    public bool Switch(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false" or "")) Reject(name, "must be true or false");
        return text is "true" or "";
    }

    public int Number(string name, int standard, int min, int max)
    {
        if (Text(name) is not { } text) return standard;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Reject(name, $"must be a whole number from {min} to {max}");
        return standard;
    }

    public DateTimeOffset? Moment(string name)
    {
        if (Text(name) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return moment;
        Reject(name, "must be a moment in ISO 8601, such as 2026-03-01T12:00:00Z");
        return null;
    }

    public Guid? Id(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Guid.TryParse(text, out var id)) return id;
        Reject(name, "must be a UUID");
        return null;
    }

    /// <summary>Refuses the request when any parameter was wrong or unknown.</summary>
    /// <exception cref="RequestRefusedException">With every problem.</exception>
    public void Check()
    {
        foreach (var name in request.Query.Keys.Where(k => !_known.Contains(k, StringComparer.OrdinalIgnoreCase)))
        {
            var shown = name.Length <= 64 ? name : name[..64] + "…";
            Reject(shown, NearestName.Of(name, _known) is { } near ? $"is not a known parameter; did you mean '{near}'?" : "is not a known parameter");
        }

        if (Problems.Any) throw new RequestRefusedException(Problems);
    }
}
