using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Platforms;

/// <summary>Whose an object is, by its comment.</summary>
public enum MarkOwner
{
    /// <summary>No instance of Sluice has marked it: somebody else made it.</summary>
    Nobody,

    /// <summary>This instance made it.</summary>
    ThisInstance,

    /// <summary>Another instance made it: two on one object would undo each other's work.</summary>
    OtherInstance,
}

/// <summary>
/// The mark of this instance on what it, or a script of its, makes on a platform: the object's comment (architecture.md, rule 3). What carries another mark,
/// or none, is neither used nor changed nor dropped.
/// </summary>
public sealed partial record InstanceMark
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>The mark of an instance.</summary>
    /// <param name="instanceId">Letters, digits and hyphens, 64 at most.</param>
    /// <exception cref="ArgumentException">The id is made of anything else.</exception>
    public InstanceMark(string instanceId)
    {
        if (!IdShape.IsMatch(instanceId)) throw new ArgumentException("An instance's id is made of letters, digits and hyphens, 64 at most.", nameof(instanceId));
        InstanceId = instanceId;
    }

    /// <summary>The instance.</summary>
    public string InstanceId { get; }

    /// <summary>The comment as scripts write it: one text on every platform, without a quote or a backslash.</summary>
    public string Comment => $"Made by Sluice, instance {InstanceId}. It is used by that Sluice alone: leave this comment as it is.";

    /// <summary>The comment of what keeps the count of applies; see <see cref="IKeepsEpoch"/>.</summary>
    public string CommentAt(long epoch) => string.Create(CultureInfo.InvariantCulture, $"{Comment} Epoch {epoch}.");

    /// <summary>The count that a comment tells; null when it tells none.</summary>
    public static long? EpochOf(string? comment) =>
        comment is not null && Epoch.Match(comment) is { Success: true } match && long.TryParse(match.Groups["epoch"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) ? epoch : null;

    /// <summary>The instance that a comment names; null when the comment is no mark.</summary>
    public static string? InstanceOf(string? comment) => comment is not null && Mark.Match(comment) is { Success: true } match ? match.Groups["id"].Value : null;

    /// <summary>Whose an object with this comment is.</summary>
    public MarkOwner OwnerOf(string? comment) => InstanceOf(comment) is not { } instance
        ? MarkOwner.Nobody
        : instance == InstanceId ? MarkOwner.ThisInstance : MarkOwner.OtherInstance;

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z", Options, 100)]
    private static partial Regex IdShape { get; }

    [GeneratedRegex(@" Epoch (?<epoch>[0-9]{1,18})\.\z", Options, 100)]
    private static partial Regex Epoch { get; }

    [GeneratedRegex(@"\AMade by Sluice, instance (?<id>[A-Za-z0-9-]{1,64})\.", Options, 100)]
    private static partial Regex Mark { get; }
}
