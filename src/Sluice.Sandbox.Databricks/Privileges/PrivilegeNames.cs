using System.Collections.Frozen;
using System.Text;

namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>How privileges are spelled: with underscores over REST, with blanks in SQL.</summary>
internal static class PrivilegeNames
{
    private static readonly (Privilege Privilege, string Name)[] All =
        [.. Enum.GetValues<Privilege>().Where(privilege => privilege != Privilege.None).Select(privilege => (privilege, Spell(privilege)))];

    private static readonly FrozenDictionary<string, Privilege> ByName =
        All.ToFrozenDictionary(pair => pair.Name, pair => pair.Privilege, StringComparer.OrdinalIgnoreCase);

    /// <summary>Each privilege of a set, as REST spells it, in alphabetical order.</summary>
    public static IEnumerable<string> Of(Privilege set) =>
        All.Where(pair => set.HasFlag(pair.Privilege)).Select(pair => pair.Name).Order(StringComparer.Ordinal);

    /// <summary>Each privilege of a set, as SQL spells it.</summary>
    public static IEnumerable<string> InSql(Privilege set) => Of(set).Select(name => name.Replace('_', ' '));

    /// <summary>The one privilege as SQL spells it.</summary>
    public static string Sql(Privilege privilege) => InSql(privilege).Single();

    /// <summary>Reads a privilege in either spelling.</summary>
    public static Privilege? Find(string name) =>
        ByName.TryGetValue(name.Trim().Replace(' ', '_'), out var privilege) ? privilege : null;

    private static string Spell(Privilege privilege)
    {
        var name = new StringBuilder();
        foreach (var letter in privilege.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
