using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Bench.Reporting;

/// <summary>One measured value, the bar it has to meet where there is one, and what it was made of.</summary>
internal sealed record Figure(string Name, double Value, string Unit, string? Bar, bool? Pass)
{
    /// <summary>The parts: wall clock, CPU seconds, counts.</summary>
    public IReadOnlyDictionary<string, double> Parts { get; init; } = new Dictionary<string, double>();

    /// <summary>How it was measured, where that is a choice.</summary>
    public string? Note { get; init; }

    public static Figure Plain(string name, double value, string unit) => new(name, value, unit, null, null);

    public static Figure AtMost(string name, double value, string unit, double limit) =>
        new(name, value, unit, string.Create(CultureInfo.InvariantCulture, $"<= {limit}"), value <= limit);

    public static Figure AtLeast(string name, double value, string unit, double limit) =>
        new(name, value, unit, string.Create(CultureInfo.InvariantCulture, $">= {limit}"), value >= limit);

    public string ToJson()
    {
        var json = new JsonObject { ["name"] = Name, ["value"] = Rounded(Value), ["unit"] = Unit, ["bar"] = Bar, ["pass"] = Pass };
        foreach (var (part, value) in Parts) json[part] = Rounded(value);
        if (Note is not null) json["note"] = Note;
        return json.ToJsonString(Results.Json);
    }

    // Five significant digits: more would pretend.
    private static double Rounded(double value) =>
        double.Parse(value.ToString(Math.Abs(value) >= 10_000 ? "F0" : "G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
