using Sluice.Core.Payloads;
using Sluice.Core.Problems;

namespace Sluice.Server.Configuration;

/// <summary>Reads flags: <c>--flag value</c>, <c>--flag=value</c>, or a bare switch.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, Setting> ByFlag =
        SettingTable.All.Where(s => !s.EnvironmentOnly).ToDictionary(s => s.Flag, StringComparer.Ordinal);

    public static Dictionary<Setting, SettingValue> Read(IReadOnlyList<string> args, ProblemList problems)
    {
        var texts = new Dictionary<Setting, List<string>>();
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? args[i] : args[i][..equals];
            if (!ByFlag.TryGetValue(flag, out var setting))
            {
                problems.Add(Shown(flag), Unknown(flag));
                continue;
            }

            string text;
            if (equals >= 0) text = args[i][(equals + 1)..];
            else if (setting.Kind == SettingKind.Switch) text = "true";
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) text = args[++i];
            else
            {
                problems.Add(flag, $"needs a value: {flag} {setting.Placeholder}");
                continue;
            }

            if (!texts.TryGetValue(setting, out var given)) texts[setting] = given = [];
            if (given.Count > 0 && setting.Kind != SettingKind.List) problems.Add(flag, "is given twice");
            given.Add(text);
        }

        return texts.ToDictionary(t => t.Key, t => new SettingValue(t.Key.Flag, t.Value));
    }

    private static string Unknown(string flag)
    {
        if (!flag.StartsWith("--", StringComparison.Ordinal)) return "is not a flag";
        if (SettingTable.All.FirstOrDefault(s => s.EnvironmentOnly && s.Flag == flag) is { } secret)
            return $"is read from the environment only: set {secret.EnvironmentVariable}";
        return NearestName.Of(flag, ByFlag.Keys) is { } near ? $"is not a setting; did you mean {near}?" : "is not a setting; see --help";
    }

    private static string Shown(string flag) => flag.Length <= 40 ? flag : flag[..40] + "…";
}
