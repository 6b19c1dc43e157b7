using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog;

public sealed class ChangeStampTests
{
    private const string Then = "1700000000.5";

    [Fact]
    public void It_is_the_same_for_the_same_object_at_the_same_time_and_another_otherwise()
    {
        var stamp = Table(Then).ChangeStamp.ShouldNotBeNull();

        Table(Then).ChangeStamp.ShouldBe(stamp);
        Table("1700000000.6").ChangeStamp.ShouldNotBe(stamp);
        Table(Then, "a comment").ChangeStamp.ShouldNotBe(stamp);
        Table(Then, null, new ObjectTag("ssn", "pii", "yes")).ChangeStamp.ShouldNotBe(stamp);
    }

    [Fact]
    public void There_is_none_where_nobody_tells_the_time() => Table(null).ChangeStamp.ShouldBeNull();

    [Fact]
    public void Columns_do_not_change_it() =>
        new DiscoveredObject { Path = new ObjectPath("key", "db", "t"), Kind = ObjectKind.Table, LastChanged = Then, Columns = [new("id", "int")] }
            .ChangeStamp.ShouldBe(Table(Then).ChangeStamp);

    [Fact]
    public void Tags_that_could_not_be_read_do_not_pass_for_none()
    {
        var unread = new DiscoveredObject { Path = new ObjectPath("key", "db", "t"), Kind = ObjectKind.Table, LastChanged = Then, TagsAreUnread = true };

        unread.ChangeStamp.ShouldNotBe(Table(Then).ChangeStamp);
        unread.WithTags([new ObjectTag(null, "pii", "yes")], isGoverned: true, governanceReason: null).ChangeStamp.ShouldBe(unread.ChangeStamp, "it is what the platform told, not what was stored");
    }

    [Fact]
    public void However_long_a_platform_writes_the_time_it_is_digested()
    {
        var time = new string('9', 16 * 1024 * 1024);
        Table(time).ChangeStamp.ShouldNotBe(Table(time[1..]).ChangeStamp);
    }

    private static DiscoveredObject Table(string? lastChanged, string? comment = null, params ObjectTag[] tags) =>
        new() { Path = new ObjectPath("key", "db", "t"), Kind = ObjectKind.Table, Comment = comment, Tags = tags, LastChanged = lastChanged };
}
