using System.Text;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The file of every request and statement that a written scenario sends, by kind, each kind with the page of Databricks' that it follows.</summary>
internal static class GoldenRequests
{
    private const string File = "requests";
    private const string Folder = "Enforcing";
    private const string KindMark = "-- kind: ";

    private static readonly Lazy<IReadOnlySet<string>> Kinds = new(static () =>
        Golden.Lines(File, Folder).Where(static l => l.StartsWith(KindMark, StringComparison.Ordinal)).Select(static l => l[KindMark.Length..]).ToHashSet(StringComparer.Ordinal));

    /// <summary>Compares what was sent with the file.</summary>
    public static void Check(IEnumerable<(string Kind, string Text)> sent)
    {
        var text = new StringBuilder();
        var kinds = sent.Distinct().GroupBy(static s => s.Kind, static s => s.Text, StringComparer.Ordinal).OrderBy(static k => k.Key, StringComparer.Ordinal).ToList();
        kinds.Where(static k => VendorPages.Of(k.Key) is null).Select(static k => k.Key).ShouldBeEmpty("which page of Databricks' does each follow?");
        foreach (var kind in kinds)
        {
            text.Append($"{KindMark}{kind.Key}\n-- {VendorPages.Of(kind.Key)}\n");
            foreach (var statement in kind.Where(t => t != kind.Key).Order(StringComparer.Ordinal)) text.Append($"{statement};\n");
            text.Append('\n');
        }

        Golden.Check(text.ToString(), File, Folder);
    }

    /// <summary>Holds what was sent against the file: no kind may be missing there.</summary>
    public static void ShouldHold(IEnumerable<SentRequest> sent)
    {
        if (Golden.IsWritten) return;
        sent.SelectMany(RequestKind.Of).Select(static r => r.Kind).Distinct(StringComparer.Ordinal).Where(static k => !Kinds.Value.Contains(k))
            .ShouldBeEmpty($"kinds of requests that {Folder}/Golden/{File}.sql does not show: have GoldenRequestTests send them, and say in VendorPages which page they follow");
    }
}
