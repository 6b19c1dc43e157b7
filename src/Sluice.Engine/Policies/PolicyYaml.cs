using System.Text;
using System.Text.Unicode;
using Sluice.Core.Policies.Documents;
using YamlDotNet.Core;

namespace Sluice.Engine.Policies;

/// <summary>
/// Policy documents as YAML, of which only what JSON can say is read: no anchors, aliases, tags and merge keys. Plain scalars resolve by the core schema of
/// YAML 1.2, so that <c>NO</c> is a text.
/// </summary>
public static class PolicyYaml
{
    /// <summary>Reads a text in UTF-8; whatever it is, what is wrong goes to <paramref name="problems"/> and nothing is thrown.</summary>
    public static IReadOnlyList<PolicyDocument> Read(ReadOnlySpan<byte> utf8, PolicyProblems problems)
    {
        if (utf8.Length > PolicyDocument.MaxBytes) problems.Add("$", 1, 1, $"is larger than {PolicyDocument.MaxBytes} bytes");
        else if (!Utf8.IsValid(utf8)) problems.Add("$", 1, 1, "is not UTF-8");
        else if (ReadRoots(Encoding.UTF8.GetString(utf8), problems) is { } roots) return PolicyDocument.Of(roots, problems);
        return [];
    }

    /// <summary>Prints documents, the first line naming their schema.</summary>
    public static string Write(params IEnumerable<DocumentNode> documents) => YamlText.Of(documents);

    private static List<DocumentNode>? ReadRoots(string text, PolicyProblems problems)
    {
        var before = problems.ErrorCount;
        try
        {
            var roots = new YamlTree(text, problems).ReadAll();
            return problems.ErrorCount == before ? roots : null;
        }
        catch (YamlException e)
        {
            problems.Add("$", (int)e.Start.Line, (int)e.Start.Column, $"is not valid YAML: {Reason(e)}");
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Some broken texts the parser fails on with other exceptions than its own; the text is the only thing that can be wrong.
            problems.Add("$", 1, 1, "is not valid YAML: the parser can't say where");
            return null;
        }
    }

    // The parser's words can quote the document; a problem is one line of text.
    private static string Reason(YamlException e) =>
        new([.. e.Message.Where(c => c is >= ' ' and < '\u007f').Take(300)]);
}
