"""The day is a service."""

from datetime import date

from wuhao.core import day


def test_the_house_lives_on_the_day_that_settings_name(settings):
    settings.WUHAO_TODAY = date(2022, 6, 28)
    assert day.today() == date(2022, 6, 28)
    assert day.now().date() == date(2022, 6, 28)
    assert day.is_moved()


def test_a_test_can_move_time_and_it_comes_back(settings):
    settings.WUHAO_TODAY = date(2022, 6, 28)
    with day.on(date(2022, 7, 1)):
        assert day.today() == date(2022, 7, 1)
    assert day.today() == date(2022, 6, 28)


def test_without_a_setting_it_is_the_calendars_day(settings):
    settings.WUHAO_TODAY = None
    assert not day.is_moved()
