using System.Text;
using CsCheck;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Policies;

namespace Sluice.Engine.Tests.Policies;

public sealed class YamlTextTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(
            "", " ", "true", "Null", "~", "NO", "y", "1", "-1", "1e3", ".5", "0x1F", ".inf", "- a", "a: b", "a:", "# a", "a #b", "a#b", "'", "\"", "\\", "@a", "`", "%a", "&a", "*a", "!a",
            "|", ">", "{", "}", "[", "]", ",", "?", "? a", "---", "...", "<<", "=", "a\nb", "\n", "a\r\nb", "\t", "a ", " a", "\u0085", "\u2028", "\uFEFF", "\uFFFE", "\u0001", "\u007F", "é", "🦫", "漢字"),
        Gen.String[Gen.Char["ab :#-'\"\\\n\t,[]{}&*!|>%@`~.0123eExo_\u00e9\u2028\ufeff"], 0, 20]);

    private static readonly Gen<DocumentNode> Any = Gen.Recursive<DocumentNode>((depth, inner) => depth > 4
        ? Scalar()
        : Gen.Frequency(
            (3, Scalar()),
            (3, Gen.Select(Texts, inner, (n, v) => new DocumentMember(n, v)).Array[0, 4]
                .Select(m => (DocumentNode)new DocumentNode.Mapping(m.Where(x => x.Name != "<<").DistinctBy(x => x.Name).ToValueList()))),
            (2, inner.Array[0, 4].Select(i => (DocumentNode)new DocumentNode.Sequence(i.ToValueList())))));

    [Fact]
    public void What_is_written_is_read_as_the_same_document() => Any.Where(n => n is DocumentNode.Mapping).Sample(
        node =>
        {
            var problems = new PolicyProblems();
            var read = PolicyYaml.Read(Encoding.UTF8.GetBytes(PolicyYaml.Write(node)), problems);
            problems.ShouldBeEmpty();
            Unplaced(read.ShouldHaveSingleItem().Root).ShouldBe(node);
        },
        iter: 3_000);

    [Fact]
    public void What_is_written_as_JSON_is_read_as_the_same_document() => Any.Where(n => n is DocumentNode.Mapping).Sample(
        node =>
        {
            var problems = new PolicyProblems();
            var json = Encoding.UTF8.GetBytes(PolicyJson.Write(node));
            var read = PolicyJson.Read(json, problems).ShouldHaveSingleItem();
            problems.ShouldBeEmpty();
            Unplaced(read.Root).ShouldBe(node);
        },
        iter: 1_000);

    private static Gen<DocumentNode> Scalar() => Gen.OneOf(
        Texts.Select(t => (DocumentNode)new DocumentNode.Scalar(ScalarKind.Text, t)),
        Gen.OneOf("0", "-1", "2.50", "1e3").Select(t => (DocumentNode)new DocumentNode.Scalar(ScalarKind.Number, t)),
        Gen.OneOf("true", "false").Select(t => (DocumentNode)new DocumentNode.Scalar(ScalarKind.Boolean, t)),
        Gen.Const((DocumentNode)new DocumentNode.Scalar(ScalarKind.Null, "null")));

    private static DocumentNode Unplaced(DocumentNode node) => node switch
    {
        DocumentNode.Mapping mapping => new DocumentNode.Mapping(mapping.Members.Select(m => new DocumentMember(m.Name, Unplaced(m.Value))).ToValueList()),
        DocumentNode.Sequence list => new DocumentNode.Sequence(list.Items.Select(Unplaced).ToValueList()),
        DocumentNode.Scalar scalar => new DocumentNode.Scalar(scalar.Kind, scalar.Text),
        _ => node,
    };
}
