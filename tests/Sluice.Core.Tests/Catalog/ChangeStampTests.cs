using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog;

public sealed class ChangeStampTests
{
    private static DiscoveredObject Table(string? comment = null, params ObjectTag[] tags) =>
        new() { Path = new ObjectPath("key", "db", "t"), Kind = ObjectKind.Table, Comment = comment, Tags = tags };

    [Fact]
    public void It_is_the_same_for_the_same_object_at_the_same_time_and_another_otherwise()
    {
        var stamp = ChangeStamp.Of(Table(), "1700000000.5");

        ChangeStamp.Of(Table(), "1700000000.5").ShouldBe(stamp);
        ChangeStamp.Of(Table(), "1700000000.6").ShouldNotBe(stamp);
        ChangeStamp.Of(Table("a comment"), "1700000000.5").ShouldNotBe(stamp);
        ChangeStamp.Of(Table(null, new ObjectTag("ssn", "pii", "yes")), "1700000000.5").ShouldNotBe(stamp);
    }

    [Fact]
    public void However_long_a_platform_writes_the_time_it_is_digested()
    {
        var time = new string('9', 16 * 1024 * 1024);
        ChangeStamp.Of(Table(), time).ShouldNotBe(ChangeStamp.Of(Table(), time[1..]));
    }
}
