using System.Text;

namespace Sluice.Server.Configuration;

/// <summary>Prints the table of settings for a terminal.</summary>
internal static class SettingsHelp
{
    private const int Width = 100;
    private const string Indent = "      ";

    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("Every setting is a flag, an environment variable or a line of sluice.json; the first that is given wins.\n");
        foreach (var group in SettingTable.All.GroupBy(s => s.Group, StringComparer.Ordinal))
        {
            text.Append('\n').Append(group.Key).Append(":\n");
            foreach (var setting in group) Write(text, setting);
            if (group.Key == SettingTable.Egress) Wrap(text, SettingTable.EgressExceptions);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Setting setting)
    {
        text.Append("  ");
        if (setting.EnvironmentOnly)
        {
            text.Append(setting.EnvironmentVariable).Append(" (environment only)\n");
        }
        else
        {
            text.Append(setting.Flag);
            if (setting.Placeholder.Length > 0) text.Append(' ').Append(setting.Placeholder);
            if (setting.Kind == SettingKind.List) text.Append(" …");
            text.Append("   ").Append(setting.EnvironmentVariable);
            if (setting != SettingTable.Config) text.Append("   ").Append(setting.Key);
            text.Append('\n');
        }

        Wrap(text, setting.Default is null ? setting.Description : $"{setting.Description} Default: {setting.Default}.");
    }

    private static void Wrap(StringBuilder text, string sentence)
    {
        var column = 0;
        foreach (var word in sentence.Split(' '))
        {
            if (column > 0 && column + word.Length + 1 > Width - Indent.Length)
            {
                text.Append('\n');
                column = 0;
            }

            text.Append(column == 0 ? Indent : " ").Append(word);
            column += word.Length + 1;
        }

        text.Append('\n');
    }
}
