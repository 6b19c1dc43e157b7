using CsCheck;
using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog;

public sealed class ActivationTests
{
    private static readonly Gen<bool?> Override = Gen.OneOf<bool?>(true, false, null);

    private static readonly Gen<NaiveTree> Tree = Gen.Select(
        Gen.Int[0, 1_000].Array[0, 20], Override.Array[21], Override.Array[21],
        (parents, active, newChildren) => NaiveTree.Of(parents, active, newChildren));

    [Fact]
    public void The_nearest_override_wins() => Tree.Sample(
        tree =>
        {
            foreach (var node in tree.Nodes)
                Activation.IsWanted(tree.Upwards(node, n => n.Override)).ShouldBe(tree.IsWanted(node));
        },
        iter: 2_000);

    [Fact]
    public void A_cleared_override_inherits_again() => Gen.Select(Tree, Gen.Int[0, 1_000], Gen.Bool).Sample(
        (tree, pick, set) =>
        {
            var node = tree.Nodes[pick % tree.Nodes.Count];
            node.Override = set;
            Activation.IsWanted(tree.Upwards(node, n => n.Override)).ShouldBe(set);
            node.Override = null;
            var inherited = node.Parent is not null && Activation.IsWanted(tree.Upwards(node.Parent, n => n.Override));
            Activation.IsWanted(tree.Upwards(node, n => n.Override)).ShouldBe(inherited);
        },
        iter: 2_000);

    [Fact]
    public void Nothing_said_anywhere_is_inactive()
    {
        Activation.IsWanted().ShouldBeFalse();
        Activation.IsWanted(null, null).ShouldBeFalse();
    }

    [Fact]
    public void A_new_child_gets_what_the_nearest_explicit_setting_at_or_above_its_parent_says() => Tree.Sample(
        tree =>
        {
            foreach (var parent in tree.Nodes)
                Activation.OverrideOfNewChild(tree.Upwards(parent, n => n.ActivateNewChildren)).ShouldBe(tree.OverrideOfNewChild(parent));
        },
        iter: 2_000);

    [Fact]
    public void A_new_child_without_any_such_setting_has_no_override()
    {
        Activation.OverrideOfNewChild().ShouldBeNull();
        Activation.OverrideOfNewChild(null, null, null).ShouldBeNull();
        Activation.OverrideOfNewChild(null, false, true).ShouldBe(false);
    }

    [Theory]
    [InlineData(true, false, Governance.Governed, false, true)]
    [InlineData(true, false, Governance.Governed, true, true)]
    [InlineData(true, false, Governance.Ungoverned, false, false)]
    [InlineData(true, false, Governance.Ungoverned, true, false)]
    [InlineData(true, false, Governance.Unknown, false, false)]
    [InlineData(true, false, Governance.Unknown, true, true)]
    [InlineData(true, false, (Governance)99, true, false)]
    [InlineData(true, true, Governance.Governed, true, false)]
    [InlineData(false, false, Governance.Governed, true, false)]
    [InlineData(false, true, Governance.Unknown, true, false)]
    public void Only_what_is_wanted_there_and_governed_is_active(bool wanted, bool missing, Governance governance, bool accept, bool active) =>
        Activation.IsActive(wanted, missing, governance, accept).ShouldBe(active);

    [Fact]
    public void People_read_every_kind_from_table_on_but_resource_links()
    {
        foreach (var kind in Enum.GetValues<ObjectKind>())
        {
            kind.IsReadable().ShouldBe(
                kind is not (ObjectKind.Connection or ObjectKind.Database or ObjectKind.Schema or ObjectKind.ResourceLink), kind.ToString());
        }
    }
}
