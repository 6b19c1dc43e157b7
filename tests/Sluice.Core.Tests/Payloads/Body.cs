using System.Text;
using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;

namespace Sluice.Core.Tests.Payloads;

/// <summary>Bodies for tests.</summary>
internal static class Body
{
    /// <summary>The object that a valid body holds, at <c>$</c>, with a fresh list of problems.</summary>
    internal static PayloadObject Of(string json)
    {
        var document = Document(json);
        return new PayloadObject(document.RootElement, "$", new ProblemList());
    }

    internal static JsonDocument Document(string json) =>
        JsonBody.Parse(Encoding.UTF8.GetBytes(json), out var error) ?? throw new ArgumentException(error, nameof(json));

    /// <summary>Problems in a form that reads well in a failed assertion.</summary>
    internal static string[] Told(this ProblemList problems) => [.. problems.Select(p => $"{p.Path} {p.Message}")];
}
