using System.Globalization;
using System.Xml;
using Sluice.Core.Problems;

namespace Sluice.Server.Configuration;

/// <summary>Answers what holds for a setting: the flag, else the environment variable, else the line of sluice.json, else the default.</summary>
internal sealed class SettingReader
{
    private readonly IReadOnlyDictionary<Setting, SettingValue>[] _sources;

    public SettingReader(IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment, ProblemList problems)
    {
        Problems = problems;
        var flags = CommandLine.Read(args, problems);
        var variables = SettingTable.All
            .Where(s => environment.TryGetValue(s.EnvironmentVariable, out var text) && text.Length > 0)
            .ToDictionary(s => s, s => new SettingValue(s.EnvironmentVariable, [environment[s.EnvironmentVariable]]));
        _sources = [flags, variables];
        var file = ConfigurationFile.Locate(Find(SettingTable.Config), Text(SettingTable.DataDirectory)!, problems);
        if (file is null) return;
        File = Path.GetFullPath(file);
        _sources = [flags, variables, ConfigurationFile.Read(file, problems)];
    }

    public ProblemList Problems { get; }

    /// <summary>The configuration file that was read, or null.</summary>
    public string? File { get; }

    /// <summary>The value of the strongest source that says something.</summary>
    public SettingValue? Find(Setting setting)
    {
        foreach (var source in _sources)
            if (source.TryGetValue(setting, out var value)) return value;
        return null;
    }

    public void Reject(Setting setting, string message) => Problems.Add(Find(setting)?.Origin ?? setting.Flag, message);

    public string? Text(Setting setting) => Find(setting)?.Texts[^1] ?? setting.Default;

    /// <summary>The text only where someone gave it: the default of some settings is a sentence.</summary>
    public string? Given(Setting setting) => Find(setting)?.Texts[^1];

    public IReadOnlyList<string> List(Setting setting)
    {
        var value = Find(setting);
        if (value is null) return setting.Default is { } text ? [text] : [];
        if (value.IsList) return value.Texts;
        return [.. value.Texts.SelectMany(t => t.Split([.. setting.Separators], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    public bool Switch(Setting setting)
    {
        switch (Find(setting)?.Texts[^1])
        {
            case null or "false" or "0" or "off":
                return false;
            case "true" or "1" or "on":
                return true;
            default:
                Reject(setting, "must be true or false");
                return false;
        }
    }

    public int Number(Setting setting, int min, int max)
    {
        var number = int.Parse(setting.Default!, CultureInfo.InvariantCulture);
        if (Find(setting) is not { } value) return number;
        if (int.TryParse(value.Texts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given) && given >= min && given <= max)
            return given;
        Reject(setting, $"must be a whole number from {min} to {max}");
        return number;
    }

    /// <summary>A duration in ISO 8601, without months and years: they have no fixed length.</summary>
    public TimeSpan Duration(Setting setting, TimeSpan min, TimeSpan max)
    {
        if (Find(setting) is not { } value) return XmlConvert.ToTimeSpan(setting.Default!);
        var text = value.Texts[^1];
        var date = text.Split('T')[0];
        try
        {
            if (!date.Contains('Y', StringComparison.Ordinal) && !date.Contains('M', StringComparison.Ordinal))
            {
                var given = XmlConvert.ToTimeSpan(text);
                if (given >= min && given <= max) return given;
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            // Told below, like a duration out of bounds.
        }

        Reject(setting, $"must be a duration in ISO 8601 from {XmlConvert.ToString(min)} to {XmlConvert.ToString(max)}, such as {XmlConvert.ToString(min)}");
        return min;
    }

    public string Choice(Setting setting, params ReadOnlySpan<string> choices)
    {
        var text = Text(setting)!;
        if (choices.Contains(text)) return text;
        Reject(setting, $"must be one of {string.Join(", ", choices!)}");
        return setting.Default!;
    }
}
