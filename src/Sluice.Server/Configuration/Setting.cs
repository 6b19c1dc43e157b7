using System.Globalization;
using System.Text;

namespace Sluice.Server.Configuration;

/// <summary>How the text of a setting is read.</summary>
public enum SettingKind
{
    /// <summary>One text.</summary>
    Text,

    /// <summary>Several texts: a flag given several times, or one text with separators; a list in sluice.json.</summary>
    List,

    /// <summary>On or off; the bare flag means on.</summary>
    Switch,

    /// <summary>A whole number.</summary>
    Number,
}

/// <summary>One setting of the server. Its environment variable and its key in sluice.json follow from the flag.</summary>
/// <param name="Flag">Such as <c>--tls-cert</c>.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Placeholder">What stands for the value in the help.</param>
/// <param name="Description">One sentence for the help.</param>
public sealed record Setting(string Flag, SettingKind Kind, string Placeholder, string Description)
{
    /// <summary>Under which heading the help lists it.</summary>
    public required string Group { get; init; }

    /// <summary>What holds when nobody says anything, as a person would write it; null: nothing.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the value is never printed.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it is read from the environment alone: a key on a command line is seen by every user of the machine.</summary>
    public bool EnvironmentOnly { get; init; }

    /// <summary>What separates the items of a list in one text. A claim value may hold commas, so its mapping takes semicolons only.</summary>
    public string Separators { get; init; } = ",;";

    /// <summary>Such as <c>SLUICE_TLS_CERT</c>.</summary>
    public string EnvironmentVariable => "SLUICE_" + Flag[2..].Replace('-', '_').ToUpper(CultureInfo.InvariantCulture);

    /// <summary>The key in sluice.json, such as <c>tlsCert</c>.</summary>
    public string Key
    {
        get
        {
            var key = new StringBuilder();
            foreach (var word in Flag[2..].Split('-'))
                key.Append(key.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]);
            return key.ToString();
        }
    }
}
