using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Sluice.Platforms.LakeFormation.Connections;

/// <summary>The Amazon resource name of an IAM role.</summary>
internal sealed partial record RoleArn(string Text, string Partition)
{
    /// <summary>Reads one; null when it is none.</summary>
    public static RoleArn? Parse(string text)
    {
        var match = Shape.Match(text);
        return match.Success ? new RoleArn(text, match.Groups["partition"].Value) : null;
    }

    /// <summary>Whether one of the operator's patterns (<c>*</c> and <c>?</c>, exact case) covers it.</summary>
    public bool IsAllowedBy(IEnumerable<string> patterns) =>
        patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, Text, ignoreCase: false));

    // 2,048 is what AssumeRole takes; the character classes are IAM's for paths and names.
    [GeneratedRegex(
        @"\Aarn:(?<partition>aws[a-z-]{0,16}):iam::[0-9]{12}:role/([\x21-\x7e]{0,511}/)?[A-Za-z0-9_+=,.@-]{1,64}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Shape { get; }
}
