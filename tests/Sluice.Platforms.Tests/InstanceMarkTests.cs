namespace Sluice.Platforms.Tests;

public sealed class InstanceMarkTests
{
    private static readonly InstanceMark Ours = new("0a1b2c3d");

    [Fact]
    public void The_comment_names_the_instance_and_is_known_again()
    {
        Ours.Comment.ShouldStartWith("Made by Sluice, instance 0a1b2c3d.");
        InstanceMark.InstanceOf(Ours.Comment).ShouldBe("0a1b2c3d");
        Ours.OwnerOf(Ours.Comment).ShouldBe(MarkOwner.ThisInstance);
    }

    [Fact]
    public void Another_instances_mark_is_another_instances() =>
        Ours.OwnerOf(new InstanceMark("0a1b2c3").Comment).ShouldBe(MarkOwner.OtherInstance);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Analytics")]
    [InlineData("Made by Sluice")]
    [InlineData("Made by Sluice, instance .")]
    [InlineData("not Made by Sluice, instance 0a1b2c3d.")]
    [InlineData("made by sluice, instance 0a1b2c3d.")]
    public void What_is_no_mark_is_nobodys(string? comment) => Ours.OwnerOf(comment).ShouldBe(MarkOwner.Nobody);

    [Fact]
    public void The_rest_of_the_comment_is_free_so_that_its_words_may_change() =>
        Ours.OwnerOf("Made by Sluice, instance 0a1b2c3d. In other words.").ShouldBe(MarkOwner.ThisInstance);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("a\n")]
    public void An_id_that_could_end_the_comment_is_none(string id) => Should.Throw<ArgumentException>(() => new InstanceMark(id));

    [Fact]
    public void The_comment_needs_no_escape_in_any_dialect()
    {
        Ours.Comment.ShouldNotContain("'");
        Ours.Comment.ShouldNotContain("\"");
        Ours.Comment.ShouldNotContain("\\");
        Ours.Comment.ShouldNotContain("`");
    }
}
